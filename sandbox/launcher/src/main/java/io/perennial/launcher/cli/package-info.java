/** The commands of {@code ./perennial}: thin words around {@link io.perennial.launcher.stack.Stack}. */
@NullMarked
package io.perennial.launcher.cli;

import org.jspecify.annotations.NullMarked;
