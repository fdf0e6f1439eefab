/**
 * Trouble on demand: outages, latency, throttling, lost replies and the rest, by operation and probability, from a seed. The
 * places that imitate Amazon ask before each call and answer in Amazon's own forms.
 */
@NullMarked
package io.perennial.sandbox.fault;

import org.jspecify.annotations.NullMarked;
