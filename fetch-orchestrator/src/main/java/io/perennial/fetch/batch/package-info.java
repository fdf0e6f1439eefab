/** Work of many rows that is done batch after batch, each a short transaction, and gives way to all other. */
@NullMarked
package io.perennial.fetch.batch;

import org.jspecify.annotations.NullMarked;
