package io.perennial.fetch.backfill;

import io.perennial.bench.lab.Wiring;
import io.perennial.fetch.orders.ProviderAnswer;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** Stores pages as the service does when Amazon has answered: the same transactions, events and counts. */
public final class PageWriter {
    private static final Duration LEASE = Duration.ofHours(1);
    private static final int ALL = 10_000;

    private final FetchClaims claims;
    private final PageStore store;

    public PageWriter(Wiring service) {
        this.claims = service.get(FetchClaims.class);
        this.store = service.get(PageStore.class);
    }

    /** A fetch that is this benchmark's. */
    public static final class Held {
        private final FetchJob job;

        private Held(FetchJob job) {
            this.job = job;
        }

        public UUID connection() {
            return job.connectionId();
        }
    }

    /** Leases all fetches that are due. */
    public List<Held> claimAll(Instant now) {
        return claims.due(now, ALL, "")
                .chain(due -> claims.claim(due, now, LEASE))
                .map(jobs -> jobs.stream().map(Held::new).toList())
                .await()
                .atMost(Duration.ofMinutes(1));
    }

    /** Stores the pages of a fetch, one after the other; the last one ends it. */
    public Uni<Void> store(Held held, Function<Integer, ProviderAnswer.Page> pages, int count) {
        return store(held.job, pages, 0, count);
    }

    private Uni<Void> store(FetchJob job, Function<Integer, ProviderAnswer.Page> pages, int number, int count) {
        if (number == count) {
            return Uni.createFrom().voidItem();
        }
        return store.store(job, pages.apply(number)).chain(outcome -> {
            if (outcome instanceof StepOutcome.More more) {
                return store(more.next(), pages, number + 1, count);
            }
            if (number != count - 1 || !(outcome instanceof StepOutcome.Released)) {
                throw new IllegalStateException("Page " + number + " of " + count + " came to " + outcome);
            }
            return Uni.createFrom().voidItem();
        });
    }
}
