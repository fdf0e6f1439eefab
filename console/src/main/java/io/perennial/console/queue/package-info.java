/** Many accounts in a row: one after the other, signed out of Amazon between two. */
@NullMarked
package io.perennial.console.queue;

import org.jspecify.annotations.NullMarked;
