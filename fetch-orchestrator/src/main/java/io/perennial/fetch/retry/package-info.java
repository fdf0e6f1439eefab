/**
 * Retry settings as integrators know them from connectors: per provider, by configuration, changed by request.
 *
 * <p>They limit how often one request is tried again that was answered with a status from 400 on. A 429 of the Selling Partner
 * API follows the quota, an open breaker is waited for, and a doubt about the authorization waits for its verdict: none of
 * these makes a fetch fail. A 5xx that the settings do not name is taken for a passing fault and waited out; a refusal that
 * they do not name is final. Called by {@code backfill} alone.
 */
@NullMarked
package io.perennial.fetch.retry;

import org.jspecify.annotations.NullMarked;
