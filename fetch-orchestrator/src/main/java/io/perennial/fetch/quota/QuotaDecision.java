package io.perennial.fetch.quota;

import java.time.Instant;

/** Whether a request may be made. */
public sealed interface QuotaDecision {
    /** It may, once, now. */
    record Taken() implements QuotaDecision {}

    /** The bucket is empty; ask again at the instant (domain clock). */
    record Wait(Instant until) implements QuotaDecision {}

    /** Somebody else works on the job by now. */
    record LeaseLost() implements QuotaDecision {}
}
