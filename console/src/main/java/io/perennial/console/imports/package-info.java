/** Imports of existing authorizations: how far they are, and what was wrong with their lines. */
@NullMarked
package io.perennial.console.imports;

import org.jspecify.annotations.NullMarked;
