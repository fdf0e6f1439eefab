/**
 * Outages of Amazon, by region: when too many requests in a row fail, whoever makes them, nobody asks but one trial at a
 * time, until a page arrives.
 *
 * <p>What is known is a row that all replicas share. It says nothing about merchants: their authorizations are
 * auth-service's business. Called by {@code backfill} alone.
 */
@NullMarked
package io.perennial.fetch.outage;

import org.jspecify.annotations.NullMarked;
