/**
 * Fetch jobs: planned from what is not covered, run page by page, parked while the authorization is gone.
 *
 * <p>A step is one page. Whoever runs a job holds its lease; each write names the lease's epoch, so a holder that was
 * frozen can not write after another took over. The remote calls happen first, without a database connection; then one
 * transaction stores digests, events, counts, the next page token and, on the last page, the coverage. A crash between any
 * two lines repeats at most one request, and digests keep that silent.
 *
 * <p>Rows instead of Hibernate entities: see the service's package.
 */
@NullMarked
package io.perennial.fetch.backfill;

import org.jspecify.annotations.NullMarked;
