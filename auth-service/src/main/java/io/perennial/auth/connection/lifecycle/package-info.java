/**
 * What may happen to a connection and when it is looked at next: pure decisions, and the values that they are about.
 */
@NullMarked
package io.perennial.auth.connection.lifecycle;

import org.jspecify.annotations.NullMarked;
