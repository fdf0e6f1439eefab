package io.perennial.bench.budget;

import io.perennial.fetch.quota.BucketKey;
import io.perennial.fetch.quota.QuotaBuckets;
import io.perennial.fetch.quota.QuotaDecision;
import java.time.Duration;
import java.util.UUID;

/** Ours: the bucket of fetch-orchestrator, its own code and statements on PostgreSQL, asked at the virtual time. */
final class StoredBucket implements Policy {
    static final long EPOCH = 7;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final QuotaBuckets buckets;
    private final BucketKey key;
    private final UUID job;

    StoredBucket(QuotaBuckets buckets, BucketKey key, UUID job) {
        this.buckets = buckets;
        this.key = key;
        this.job = job;
    }

    @Override
    public boolean read(World amazon, int pages) {
        while (amazon.answered() < pages) {
            QuotaDecision decision =
                    buckets.take(key, job, EPOCH, amazon.now()).await().atMost(PATIENCE);
            if (decision instanceof QuotaDecision.Wait wait) {
                amazon.sleepUntil(wait.until());
            } else if (decision instanceof QuotaDecision.Taken) {
                ask(amazon);
            } else {
                throw new IllegalStateException("The job of the benchmark was leased by somebody else");
            }
        }
        return true;
    }

    private void ask(World amazon) {
        World.Answer answer = amazon.ask();
        buckets.settle(key, answer.rate(), answer.granted(), amazon.now())
                .await()
                .atMost(PATIENCE);
        if (!answer.granted()) {
            amazon.sleepUntil(buckets.empty(key, amazon.now()).await().atMost(PATIENCE));
        }
    }
}
