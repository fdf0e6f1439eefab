/**
 * Data load status: what of each day is there, for the people who ask "do we have yesterday?".
 *
 * <p>Order counts and what was read are one row per connection and month, written with each page and each covered window;
 * the status of a day follows from it, from open fetches and from the connection's state by
 * {@link io.perennial.fetch.loadstatus.DayPolicy}. Days are UTC days
 * of the update time. Nothing here decides what is fetched.
 */
@NullMarked
package io.perennial.fetch.loadstatus;

import org.jspecify.annotations.NullMarked;
