/**
 * Refusals of the control API under {@code /sandbox}, which tests and people use to look behind the curtain.
 * Never used by the addresses that imitate Amazon: those answer in Amazon's own forms.
 */
@NullMarked
package io.perennial.sandbox.control;

import org.jspecify.annotations.NullMarked;
