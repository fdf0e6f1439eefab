/**
 * Every seller's orders, computed from the seed for any window and never stored: about three a day each, one big seller, and
 * orders injected through the control API. An order's status and last update are functions of the domain clock, so an order
 * moves on while somebody is reading.
 */
@NullMarked
package io.perennial.sandbox.order;

import org.jspecify.annotations.NullMarked;
