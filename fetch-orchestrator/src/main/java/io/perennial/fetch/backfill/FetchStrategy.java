package io.perennial.fetch.backfill;

import io.perennial.contracts.Provider;
import io.perennial.fetch.access.AccessAnswer;
import io.perennial.fetch.orders.ProviderAnswer;
import io.perennial.fetch.orders.ProviderReply;
import io.perennial.fetch.quota.Operation;
import io.smallrye.mutiny.Uni;
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

    /**
     * Takes room of our own for the job's next request and all that follows from it.
     *
     * @return what gives the room back, to be run once; empty if there is none at the moment
     */
    default Optional<Runnable> room(FetchJob job) {
        return Optional.of(() -> {});
    }

    /** Stores what a good answer brought, and says how the job goes on. */
    Uni<StepOutcome> store(FetchJob job, ProviderAnswer.Content content);
}
