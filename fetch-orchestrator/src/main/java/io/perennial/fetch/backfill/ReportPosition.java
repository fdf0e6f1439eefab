package io.perennial.fetch.backfill;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a part stands that is read from a report.
 *
 * @param reportId null until it is ordered; from then on no second one is ordered for the part
 * @param orderedAt stands before {@code reportId} does: of an order without an answer nobody knows whether it was taken
 * @param documentId null until the report is ready
 * @param polls looks at it that were in vain
 * @param failures reports and documents of this part that came to nothing
 */
record ReportPosition(
        @Nullable String reportId, @Nullable String documentId, @Nullable Instant orderedAt, int polls, int failures) {
    static final ReportPosition BEGINNING = new ReportPosition(null, null, null, 0, 0);

    /** Whether it was ordered and nobody knows what came of it. */
    boolean inDoubt() {
        return reportId == null && orderedAt != null;
    }

    /** It is going to be ordered. */
    ReportPosition ordering(Instant at) {
        return new ReportPosition(null, null, at, 0, failures);
    }

    /** Amazon has no such report: what was ordered never arrived there. */
    ReportPosition neverOrdered() {
        return new ReportPosition(null, null, null, 0, failures);
    }

    ReportPosition ordered(String id, Instant at) {
        return new ReportPosition(id, null, at, 0, failures);
    }

    ReportPosition inVain() {
        return new ReportPosition(reportId, documentId, orderedAt, polls + 1, failures);
    }

    ReportPosition ready(String document) {
        return new ReportPosition(reportId, document, orderedAt, polls, failures);
    }

    /** A new report is needed. */
    ReportPosition failed() {
        return new ReportPosition(null, null, null, 0, failures + 1);
    }
}
