package io.perennial.fetch.backfill;

import io.perennial.clock.DomainClock;
import io.perennial.fetch.access.AccessAnswer;
import io.perennial.fetch.access.AccessTokens;
import io.perennial.fetch.orders.ProviderTime;
import io.perennial.fetch.orders.SearchAnswer;
import io.perennial.fetch.orders.SearchResult;
import io.perennial.fetch.orders.SpApiClient;
import io.perennial.fetch.quota.BucketKey;
import io.perennial.fetch.quota.QuotaBuckets;
import io.perennial.fetch.quota.QuotaDecision;
import io.perennial.fetch.watermark.GapConfig;
import io.perennial.fetch.watermark.GapPolicy;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;

/**
 * One page of a job: access token, quota, request, and what follows from the answer. No database connection is held
 * during a remote call.
 */
@ApplicationScoped
class FetchStep {
    private final AccessTokens access;
    private final QuotaBuckets quota;
    private final SpApiClient amazon;
    private final PageStore pages;
    private final FetchJobs jobs;
    private final FetchMetrics metrics;
    private final BackfillConfig limits;
    private final GapPolicy gaps;
    private final ProviderTime providerTime;
    private final BackOffPolicy backOff;
    private final DomainClock clock;
    private final Pool pool;

    FetchStep(
            AccessTokens access,
            QuotaBuckets quota,
            SpApiClient amazon,
            PageStore pages,
            FetchJobs jobs,
            FetchMetrics metrics,
            BackfillConfig limits,
            GapConfig gaps,
            ProviderTime providerTime,
            DomainClock clock,
            Pool pool) {
        this.access = access;
        this.quota = quota;
        this.amazon = amazon;
        this.pages = pages;
        this.jobs = jobs;
        this.metrics = metrics;
        this.limits = limits;
        this.gaps = new GapPolicy(gaps);
        this.providerTime = providerTime;
        this.backOff = new BackOffPolicy(limits.firstPause(), new SecureRandom());
        this.clock = clock;
        this.pool = pool;
    }

    /** @param freshToken whether an expired access token is replaced once and the page asked for again */
    private record Attempt(FetchJob job, AccessAnswer.Granted granted, boolean freshToken) {
        BucketKey bucket() {
            return new BucketKey(granted.appId(), granted.accountId(), granted.region(), SpApiClient.OPERATION);
        }
    }

    Uni<StepOutcome> run(FetchJob job) {
        return run(job, true);
    }

    /** After a fault of our own, so that it shows in the job and does not repeat at once. */
    Uni<StepOutcome> afterFault(FetchJob job) {
        return retry(job, Trouble.INTERNAL);
    }

    private Uni<StepOutcome> run(FetchJob job, boolean freshToken) {
        return access.of(job.connectionId()).chain(answer -> {
            if (answer instanceof AccessAnswer.Granted granted) {
                return withinQuota(new Attempt(job, granted, freshToken));
            }
            if (answer instanceof AccessAnswer.Denied denied) {
                return retry(job, Trouble.of(denied.code()));
            }
            if (answer instanceof AccessAnswer.Unavailable unavailable) {
                return retry(job, Trouble.of(unavailable.code()));
            }
            throw new IllegalStateException("Unknown answer " + answer);
        });
    }

    private Uni<StepOutcome> withinQuota(Attempt attempt) {
        FetchJob job = attempt.job();
        return quota.take(attempt.bucket(), job.id(), job.epoch(), clock.instant())
                .chain(decision -> {
                    if (decision instanceof QuotaDecision.Taken) {
                        return begun(attempt);
                    }
                    if (decision instanceof QuotaDecision.Wait wait) {
                        metrics.quotaWait();
                        return jobs.release(job, wait.until(), job.attempts(), null)
                                .map(StepOutcome::released);
                    }
                    return Uni.createFrom().item(new StepOutcome.Lost());
                });
    }

    private Uni<StepOutcome> begun(Attempt attempt) {
        FetchJob job = attempt.job();
        if (job.state() == FetchState.RUNNING) {
            return ask(attempt);
        }
        return pages.begin(job)
                .chain(mine -> mine
                        ? ask(new Attempt(job.running(), attempt.granted(), attempt.freshToken()))
                                .onSubscription()
                                .invoke(() -> countFirstPage(job))
                        : Uni.createFrom().item(new StepOutcome.Lost()));
    }

    private void countFirstPage(FetchJob job) {
        if (!job.begun()) {
            metrics.firstPage(job.reason(), Duration.between(job.causedAt(), clock.instant()));
        }
    }

    private Uni<StepOutcome> ask(Attempt attempt) {
        return amazon.searchOrders(attempt.granted(), attempt.job().query())
                .call(result -> followRate(attempt, result))
                .chain(result -> settle(attempt, result.answer()));
    }

    private Uni<Void> followRate(Attempt attempt, SearchResult result) {
        return result.ratePerSecond().isEmpty()
                ? Uni.createFrom().voidItem()
                : quota.adapt(pool, attempt.bucket(), result.ratePerSecond().getAsDouble(), clock.instant());
    }

    private Uni<StepOutcome> settle(Attempt attempt, SearchAnswer answer) {
        FetchJob job = attempt.job();
        if (answer instanceof SearchAnswer.Page page) {
            return pages.store(job, page);
        }
        if (answer instanceof SearchAnswer.Throttled) {
            return throttled(attempt);
        }
        if (answer instanceof SearchAnswer.AccessTokenExpired) {
            return tokenExpired(attempt);
        }
        if (answer instanceof SearchAnswer.AccessRefused) {
            return access.probe(job.connectionId()).chain(() -> retry(job, Trouble.ACCESS_REFUSED));
        }
        if (answer instanceof SearchAnswer.PageTokenRefused) {
            return pages.again(job, Trouble.PAGE_TOKENS_REFUSED);
        }
        if (answer instanceof SearchAnswer.WindowTooYoung) {
            return tooYoung(attempt);
        }
        if (answer instanceof SearchAnswer.Retryable retryable) {
            return retry(job, Trouble.of(retryable.code()));
        }
        if (answer instanceof SearchAnswer.Refused refused) {
            return pages.fail(job, Trouble.of(refused.code()));
        }
        throw new IllegalStateException("Unknown answer " + answer);
    }

    private Uni<StepOutcome> throttled(Attempt attempt) {
        FetchJob job = attempt.job();
        metrics.throttled();
        return quota.empty(pool, attempt.bucket(), clock.instant())
                .chain(next -> jobs.release(job, next, job.attempts(), Trouble.THROTTLED))
                .map(StepOutcome::released);
    }

    private Uni<StepOutcome> tokenExpired(Attempt attempt) {
        access.drop(attempt.job().connectionId());
        return attempt.freshToken() ? run(attempt.job(), false) : retry(attempt.job(), Trouble.ACCESS_TOKEN_EXPIRED);
    }

    private Uni<StepOutcome> tooYoung(Attempt attempt) {
        FetchJob job = attempt.job();
        Instant latest = gaps.latestEnd(providerTime.now(attempt.granted().region()));
        return jobs.shorten(job, latest).chain(() -> retry(job, Trouble.WINDOW_TOO_YOUNG));
    }

    private Uni<StepOutcome> retry(FetchJob job, Trouble trouble) {
        int failures = job.attempts() + 1;
        if (trouble.wearsOut() && failures >= limits.mostAttempts()) {
            return pages.fail(job, trouble);
        }
        Duration longest = trouble.wearsOut() ? limits.longestPause() : limits.longestDoubt();
        Instant next = clock.instant().plus(backOff.pause(failures, longest));
        return jobs.release(job, next, failures, trouble).map(StepOutcome::released);
    }
}
