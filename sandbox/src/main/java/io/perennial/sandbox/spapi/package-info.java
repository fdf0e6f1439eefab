/**
 * The Selling Partner API as far as an authorization's life needs it: Orders 2026-01-01 and Sellers v1, with the envelope,
 * headers, usage plans and refusals of the real one.
 */
@NullMarked
package io.perennial.sandbox.spapi;

import org.jspecify.annotations.NullMarked;
