/** Imports of existing authorizations, beside {@code COPY} of the same rows and beside the bare cipher. */
@NullMarked
package io.perennial.bench.imports;

import org.jspecify.annotations.NullMarked;
