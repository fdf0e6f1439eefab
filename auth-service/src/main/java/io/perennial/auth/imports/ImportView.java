package io.perennial.auth.imports;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An import as others see it.
 *
 * @param lines how many lines are done, blank ones included: imported, unchanged (there already), received or failed
 * @param received how many brought a later token of a connection that is there: each is tried before it counts
 * @param endsUnknown how many of the imported ones came without a date
 * @param advice what to do about those
 * @param faults the first of what is wrong; the rest is below {@code /faults}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ImportView(
        UUID id,
        @Nullable String name,
        boolean dryRun,
        State state,
        long lines,
        long imported,
        long unchanged,
        long received,
        long failed,
        long endsUnknown,
        @Nullable String advice,
        Instant startedAt,
        Instant updatedAt,
        @Nullable Instant completedAt,
        @Nullable List<ImportFault> faults) {

    /** How far an import is. */
    enum State {
        RUNNING,
        /** Its request ended before its lines did: send the same lines with the same key, and it goes on. */
        INTERRUPTED,
        COMPLETED
    }

    private static final String WHERE_THE_DATE_IS = "Amazon shows it to the seller under Apps and Services, Manage Your"
            + " Apps: authorization date and expiration date. Correct endsAt of the connection, or ask the merchants to"
            + " authorize again with a campaign: a new consent counts a new year.";

    static @Nullable String advice(long endsUnknown) {
        return endsUnknown == 0
                ? null
                : "Nobody knows when " + endsUnknown + " of these authorizations end; they are estimated. "
                        + WHERE_THE_DATE_IS;
    }

    ImportView with(List<ImportFault> first) {
        return new ImportView(
                id,
                name,
                dryRun,
                state,
                lines,
                imported,
                unchanged,
                received,
                failed,
                endsUnknown,
                advice,
                startedAt,
                updatedAt,
                completedAt,
                first);
    }
}
