/** The console: a view of all connections for people, built from events, with buttons that ask the services to act. */
@NullMarked
package io.perennial.console;

import org.jspecify.annotations.NullMarked;
