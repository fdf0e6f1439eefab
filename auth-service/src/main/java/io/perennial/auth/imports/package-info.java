/**
 * Takes over authorizations that an integrator already holds: lines are read as they arrive, their tokens sealed before
 * anything is stored, and each batch is one transaction together with the progress. Nothing of a line is kept in the clear.
 */
@NullMarked
package io.perennial.auth.imports;

import org.jspecify.annotations.NullMarked;
