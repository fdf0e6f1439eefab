/**
 * Subscriptions to notifications: that they exist. Nothing is ever sent.
 */
@NullMarked
package io.perennial.sandbox.subscription;

import org.jspecify.annotations.NullMarked;
