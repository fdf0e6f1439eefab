/** One connection: its state, what can be done about it, and everything that happened to it. */
@NullMarked
package io.perennial.console.connection;

import org.jspecify.annotations.NullMarked;
