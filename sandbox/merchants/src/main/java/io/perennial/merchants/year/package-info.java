/**
 * A year of many merchants: the clock is moved step by step, who is mailed acts by his habit, and a book of its own reckons
 * what should have been said. {@link io.perennial.merchants.year.Year} is lived through by the tests of the whole and told by
 * the demonstration; it looks into the tables of a local stack only to know when everybody has come to rest.
 */
@NullMarked
package io.perennial.merchants.year;

import org.jspecify.annotations.NullMarked;
