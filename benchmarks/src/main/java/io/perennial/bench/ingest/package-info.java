/** Orders from pages into the database, beside {@code COPY} and JDBC batches of the same rows. */
@NullMarked
package io.perennial.bench.ingest;

import org.jspecify.annotations.NullMarked;
