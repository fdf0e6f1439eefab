/**
 * {@code ./perennial demo}: what Perennial does for sixty merchants in a year, told in plain words while it happens, on a stack
 * of its own. At the end everything that was said is held against the inbox, the broker and the provider's log.
 */
@NullMarked
package io.perennial.merchants.demo;

import org.jspecify.annotations.NullMarked;
