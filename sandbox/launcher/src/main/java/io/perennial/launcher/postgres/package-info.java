/**
 * A PostgreSQL server from the binaries on the class path: no installation, no container engine, as root too.
 * One database and one role per service; a role reaches its own database only.
 */
@NullMarked
package io.perennial.launcher.postgres;

import org.jspecify.annotations.NullMarked;
