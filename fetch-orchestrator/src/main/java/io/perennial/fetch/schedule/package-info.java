/**
 * What causes fetches: consents, renewals and ends of authorizations as they come from Kafka, and the daily tick.
 *
 * <p>Nothing here fetches; it decides under the connection's lock which fetch is planned, parked, resumed or cancelled,
 * and wakes the loop after the commit. The daily fetch of each connection has its own second of the day, so that a million
 * connections do not meet; a clock that jumps over several days causes one fetch.
 */
@NullMarked
package io.perennial.fetch.schedule;

import org.jspecify.annotations.NullMarked;
