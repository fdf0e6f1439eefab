/**
 * Retry settings as integrators know them from connectors: per provider, by configuration, changed by request.
 *
 * <p>They limit how often one request is tried again that was refused without a reason we know. A quota, an outage and a
 * doubt about the authorization have ways of their own and never make a fetch fail. Called by {@code backfill} alone.
 */
@NullMarked
package io.perennial.fetch.retry;

import org.jspecify.annotations.NullMarked;
