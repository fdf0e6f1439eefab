/** Thin, typed access to the sandbox's own PostgreSQL database; every other package keeps its SQL beside its code. */
@NullMarked
package io.perennial.sandbox.database;

import org.jspecify.annotations.NullMarked;
