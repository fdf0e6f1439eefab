package io.perennial.fetch.backfill;

import io.perennial.contracts.Provider;
import io.perennial.fetch.access.AccessAnswer;
import io.perennial.fetch.orders.ProviderAnswer;
import io.perennial.fetch.orders.ProviderReply;
import io.perennial.fetch.quota.Operation;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a fetch asks its provider for, one request after the other, and what follows from a good answer. What all strategies
 * have in common (access, outage, quota, refusals) {@link FetchStep} does.
 */
interface FetchStrategy {
    Strategy strategy();

    /** Whose retry settings count. */
    default Provider provider() {
        return Provider.AMAZON_SELLER;
    }

    /** What fails together in an outage. */
    default String breaker(AccessAnswer.Granted access) {
        return access.region();
    }

    /** Why the job can not be done any more, if so. */
    default Optional<Trouble> tooLate(FetchJob job, Instant now) {
        return Optional.empty();
    }

    /** The operation that the job's next request counts on. */
    Operation next(FetchJob job);

    /** Makes that request. Never fails: every outcome is a value. */
    Uni<ProviderReply> ask(AccessAnswer.Granted access, FetchJob job);

    /** How long the job has to wait for room of our own before it asks; empty if there is some. */
    default Optional<Duration> pause(FetchJob job) {
        return Optional.empty();
    }

    /** The request and all that follows from it, for a strategy that counts how many of them there are at a time. */
    default Uni<StepOutcome> during(FetchJob job, Uni<StepOutcome> step) {
        return step;
    }

    /** Stores what a good answer brought, and says how the job goes on. */
    Uni<StepOutcome> store(FetchJob job, ProviderAnswer.Content content);
}
