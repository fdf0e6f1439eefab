/**
 * Processes that outlive the JVM that started them. Each is written down (pid and start instant) when it starts;
 * only a process that still matches its record is ever signalled, so a pid that the system gave to somebody else is safe.
 */
@NullMarked
package io.perennial.launcher.process;

import org.jspecify.annotations.NullMarked;
