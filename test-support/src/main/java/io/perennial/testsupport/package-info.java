/**
 * A real broker, a real database and the sandbox for tests: one of each per JVM, started by the first test that asks,
 * gone when the JVM is. Embedded by default, in containers with {@code -Dcontainers}; a test does not know which.
 */
@NullMarked
package io.perennial.testsupport;

import org.jspecify.annotations.NullMarked;
