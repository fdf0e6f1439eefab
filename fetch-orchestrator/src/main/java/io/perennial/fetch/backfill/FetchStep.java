package io.perennial.fetch.backfill;

import io.perennial.clock.DomainClock;
import io.perennial.fetch.access.AccessAnswer;
import io.perennial.fetch.access.AccessTokens;
import io.perennial.fetch.orders.ProviderAnswer;
import io.perennial.fetch.orders.ProviderReply;
import io.perennial.fetch.orders.ProviderTime;
import io.perennial.fetch.outage.ProviderOutages;
import io.perennial.fetch.quota.BucketKey;
import io.perennial.fetch.quota.Operation;
import io.perennial.fetch.quota.QuotaBuckets;
import io.perennial.fetch.quota.QuotaDecision;
import io.perennial.fetch.retry.RetrySettings;
import io.perennial.fetch.retry.RetryStore;
import io.perennial.fetch.watermark.GapConfig;
import io.perennial.fetch.watermark.GapPolicy;
import io.quarkus.arc.All;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One request of a job: access token, quota, request, and what follows from the answer. No database connection is held
 * during a remote call.
 */
@ApplicationScoped
class FetchStep {
    private static final Duration UNTIL_THERE_IS_ROOM = Duration.ofSeconds(2);

    private final AccessTokens access;
    private final ProviderOutages outages;
    private final QuotaBuckets quota;
    private final Map<Strategy, FetchStrategy> strategies;
    private final SubscriptionChecks subscriptions;
    private final RetryStore retries;
    private final PageStore pages;
    private final FetchJobs jobs;
    private final FetchMetrics metrics;
    private final BackfillConfig limits;
    private final GapPolicy gaps;
    private final ProviderTime providerTime;
    private final BackOffPolicy backOff;
    private final DomainClock clock;

    FetchStep(
            AccessTokens access,
            ProviderOutages outages,
            QuotaBuckets quota,
            @All List<FetchStrategy> strategies,
            SubscriptionChecks subscriptions,
            RetryStore retries,
            PageStore pages,
            FetchJobs jobs,
            FetchMetrics metrics,
            BackfillConfig limits,
            GapConfig gaps,
            ProviderTime providerTime,
            DomainClock clock) {
        this.access = access;
        this.outages = outages;
        this.quota = quota;
        this.strategies = strategies.stream().collect(Collectors.toMap(FetchStrategy::strategy, Function.identity()));
        this.subscriptions = subscriptions;
        this.retries = retries;
        this.pages = pages;
        this.jobs = jobs;
        this.metrics = metrics;
        this.limits = limits;
        this.gaps = new GapPolicy(gaps);
        this.providerTime = providerTime;
        this.backOff = new BackOffPolicy(limits.firstPause(), new SecureRandom());
        this.clock = clock;
    }

    /** @param freshToken whether an expired access token is replaced once and the page asked for again */
    private record Attempt(FetchStrategy strategy, FetchJob job, AccessAnswer.Granted granted, boolean freshToken) {
        BucketKey bucket() {
            return new BucketKey(granted.appId(), granted.accountId(), granted.region(), strategy.next(job));
        }

        String breaker() {
            return strategy.breaker(granted);
        }

        Attempt with(FetchJob changed) {
            return new Attempt(strategy, changed, granted, freshToken);
        }
    }

    /** Room is taken before anything is asked for or used up, so that whoever finds none costs nothing. */
    Uni<StepOutcome> run(FetchJob job) {
        return strategy(job)
                .room(job)
                .map(room -> Uni.createFrom()
                        .deferred(() -> run(job, true))
                        .onTermination()
                        .invoke(room))
                .orElseGet(() -> jobs.release(job, clock.instant().plus(UNTIL_THERE_IS_ROOM), job.attempts(), null)
                        .map(StepOutcome::released));
    }

    private FetchStrategy strategy(FetchJob job) {
        return Objects.requireNonNull(strategies.get(job.reading()), "No strategy " + job.reading());
    }

    /** After a fault of our own, so that it shows in the job and does not repeat at once. */
    Uni<StepOutcome> afterFault(FetchJob job) {
        return retry(job, Trouble.INTERNAL);
    }

    private Uni<StepOutcome> run(FetchJob job, boolean freshToken) {
        Instant now = clock.instant();
        Optional<Trouble> late = strategy(job).tooLate(job, now);
        if (late.isPresent()) {
            return pages.fail(job, late.get());
        }
        return job.beginsPart() && gaps.forgotten(job.part().from(), now)
                ? pages.withoutForgotten(job)
                        .chain(outcome -> outcome instanceof StepOutcome.More more
                                ? runInTime(more.next(), freshToken)
                                : Uni.createFrom().item(outcome))
                : runInTime(job, freshToken);
    }

    private Uni<StepOutcome> runInTime(FetchJob job, boolean freshToken) {
        return access.of(job.connectionId()).chain(answer -> {
            if (answer instanceof AccessAnswer.Granted granted) {
                return unlessOutage(new Attempt(strategy(job), job, granted, freshToken));
            }
            if (answer instanceof AccessAnswer.Denied denied) {
                return retry(job, Trouble.of(denied.code()));
            }
            if (answer instanceof AccessAnswer.Unavailable unavailable) {
                // However long auth-service is away: no fetch is lost for it.
                return pause(job, Trouble.of(unavailable.code()), limits.longestDoubt());
            }
            throw new IllegalStateException("Unknown answer " + answer);
        });
    }

    /** In an outage no token of the quota is wasted. */
    private Uni<StepOutcome> unlessOutage(Attempt attempt) {
        return outages.closedUntil(attempt.breaker(), clock.instant())
                .chain(until -> until.isEmpty()
                        ? withinQuota(attempt)
                        : inOutage(attempt.job(), until.get(), Trouble.PROVIDER_UNAVAILABLE));
    }

    /** No attempt counts, and the end is waited for; but not of an outage of reports alone: pages may be had meanwhile. */
    private Uni<StepOutcome> inOutage(FetchJob job, Instant until, Trouble trouble) {
        return job.reading() == Strategy.REPORT ? retry(job, trouble) : waitUntil(job, until, trouble);
    }

    private Uni<StepOutcome> withinQuota(Attempt attempt) {
        FetchJob job = attempt.job();
        if (!attempt.bucket().operation().hasPlan()) {
            return begun(attempt);
        }
        return quota.take(attempt.bucket(), job.id(), job.epoch(), clock.instant())
                .chain(decision -> {
                    if (decision instanceof QuotaDecision.Taken) {
                        return begun(attempt);
                    }
                    if (decision instanceof QuotaDecision.Wait wait) {
                        metrics.quotaWait();
                        return waitUntil(job, wait.until(), null);
                    }
                    return Uni.createFrom().item(new StepOutcome.Lost());
                });
    }

    private Uni<StepOutcome> begun(Attempt attempt) {
        FetchJob job = attempt.job();
        Operation operation = attempt.bucket().operation();
        if (job.state() == FetchState.RUNNING && job.asked().contains(operation.name())) {
            return ask(attempt);
        }
        return pages.begin(job, attempt.granted().appId(), operation)
                .chain(mine -> mine
                        ? ask(attempt.with(job.running(operation)))
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
        FetchJob job = attempt.job();
        boolean question = subscriptions.wanted(job);
        Uni<ProviderReply> reply = attempt.strategy().ask(attempt.granted(), job);
        return (question ? besideTheQuestion(attempt, reply) : reply)
                .call(result -> settle(attempt, result))
                .chain(result -> settle(
                        question && result.answer() instanceof ProviderAnswer.Content
                                ? attempt.with(subscriptions.asked(job))
                                : attempt,
                        result.answer()));
    }

    private Uni<ProviderReply> besideTheQuestion(Attempt attempt, Uni<ProviderReply> reply) {
        return Uni.combine()
                .all()
                .unis(reply, subscriptions.check(attempt.job(), attempt.granted()))
                .with((answered, ignored) -> answered);
    }

    private Uni<Void> settle(Attempt attempt, ProviderReply result) {
        if (!attempt.bucket().operation().hasPlan()) {
            return Uni.createFrom().voidItem();
        }
        boolean granted = result.answer() instanceof ProviderAnswer.Content;
        return quota.settle(attempt.bucket(), result.ratePerSecond(), granted, clock.instant());
    }

    private Uni<StepOutcome> settle(Attempt attempt, ProviderAnswer answer) {
        FetchJob job = attempt.job();
        if (answer instanceof ProviderAnswer.Content content) {
            return outages.answered(attempt.breaker())
                    .chain(() -> attempt.strategy().store(job, content));
        }
        if (answer instanceof ProviderAnswer.Throttled) {
            return throttled(attempt);
        }
        if (answer instanceof ProviderAnswer.Delayed delayed) {
            return delayed(attempt, delayed);
        }
        if (answer instanceof ProviderAnswer.AccessTokenExpired) {
            return tokenExpired(attempt);
        }
        if (answer instanceof ProviderAnswer.AccessRefused) {
            return access.probe(job.connectionId())
                    .chain(alive -> retry(job, alive ? Trouble.ACCESS_STILL_REFUSED : Trouble.ACCESS_REFUSED));
        }
        if (answer instanceof ProviderAnswer.PageTokenRefused) {
            return pages.again(job, Trouble.PAGE_TOKENS_REFUSED);
        }
        if (answer instanceof ProviderAnswer.WindowTooYoung) {
            return tooYoung(attempt);
        }
        if (answer instanceof ProviderAnswer.Retryable retryable) {
            return failed(attempt, retryable);
        }
        if (answer instanceof ProviderAnswer.Refused refused) {
            return refused(attempt, refused);
        }
        if (answer instanceof ProviderAnswer.NotAsked notAsked) {
            return notAsked(job, Trouble.of(notAsked.code()));
        }
        throw new IllegalStateException("Unknown answer " + answer);
    }

    /** As where auth-service gives no access: while it is away no fetch is lost, and the breaker learns nothing of it. */
    private Uni<StepOutcome> notAsked(FetchJob job, Trouble trouble) {
        return trouble.isOutage() ? pause(job, trouble, limits.longestDoubt()) : retry(job, trouble);
    }

    /** A refusal that names its reason is final; any other may be tried again, as the settings say. */
    private Uni<StepOutcome> refused(Attempt attempt, ProviderAnswer.Refused refused) {
        FetchJob job = attempt.job();
        Trouble trouble = Trouble.of(refused.code());
        if (trouble != Trouble.REQUEST_REFUSED) {
            return giveUp(job, trouble);
        }
        return retries.of(attempt.strategy().provider())
                .chain(settings -> again(job, settings, refused.status(), trouble));
    }

    /** Where no quota is published, the answer says when to come again, and the settings how often. */
    private Uni<StepOutcome> delayed(Attempt attempt, ProviderAnswer.Delayed delayed) {
        FetchJob job = attempt.job();
        metrics.throttled();
        FetchJob failed = job.failed();
        Duration after = delayed.retryAfter();
        return retries.of(attempt.strategy().provider()).chain(settings -> {
            if (!settings.again(delayed.status(), failed.failures())) {
                return pages.fail(job, Trouble.STILL_THROTTLED);
            }
            Instant next = after == null
                    ? afterPause(settings, failed)
                    : clock.instant().plus(after);
            return release(failed, next, job.attempts() + 1, Trouble.THROTTLED);
        });
    }

    private Instant afterPause(RetrySettings settings, FetchJob failed) {
        int failures = settings.multiply() ? failed.failures() : 1;
        return clock.instant().plus(backOff.pause(failures, limits.longestPause()));
    }

    private Uni<StepOutcome> throttled(Attempt attempt) {
        FetchJob job = attempt.job();
        metrics.throttled();
        return quota.empty(attempt.bucket(), clock.instant())
                .chain(next -> job.reading() == Strategy.REPORT
                        ? reportThrottled(job, next)
                        : waitUntil(job, next, Trouble.THROTTLED));
    }

    /** However long pages must be waited for, there is nothing else; but instead of reports there are pages. */
    private Uni<StepOutcome> reportThrottled(FetchJob job, Instant next) {
        FetchJob failed = job.failed();
        return failed.failures() < limits.mostAttempts()
                ? waitUntil(failed, next, Trouble.THROTTLED)
                : pages.searchFromHere(job, Trouble.REPORT_THROTTLED);
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

    /** While there is an outage, a failed attempt is nobody's fault. */
    private Uni<StepOutcome> failed(Attempt attempt, ProviderAnswer.Retryable answer) {
        FetchJob job = attempt.job();
        Trouble trouble = Trouble.of(answer.code());
        if (!trouble.isOutage()) {
            return failed(attempt, trouble, answer.status());
        }
        return outages.failed(attempt.breaker(), clock.instant())
                .chain(until -> until.isEmpty()
                        ? failed(attempt, trouble, answer.status())
                        : inOutage(job, until.get(), trouble));
    }

    /** As the settings say, if they speak of the status; otherwise patiently: it is likely to pass. */
    private Uni<StepOutcome> failed(Attempt attempt, Trouble trouble, int status) {
        FetchJob job = attempt.job();
        if (status < 400) {
            return retry(job, trouble);
        }
        return retries.of(attempt.strategy().provider())
                .chain(settings ->
                        settings.govern(status) ? again(job, settings, status, trouble) : retry(job, trouble));
    }

    private Uni<StepOutcome> again(FetchJob job, RetrySettings settings, int status, Trouble trouble) {
        FetchJob failed = job.failed();
        return settings.again(status, failed.failures())
                ? release(failed, afterPause(settings, failed), job.attempts() + 1, trouble)
                : giveUp(job, trouble);
    }

    /** No fetch ends because of reports: what is left is read page by page, and pages have a patience of their own. */
    private Uni<StepOutcome> giveUp(FetchJob job, Trouble trouble) {
        return job.reading() == Strategy.REPORT ? pages.searchFromHere(job, trouble) : pages.fail(job, trouble);
    }

    private Uni<StepOutcome> waitUntil(FetchJob job, Instant next, @Nullable Trouble trouble) {
        return release(job, next, job.attempts(), trouble);
    }

    private Uni<StepOutcome> retry(FetchJob job, Trouble trouble) {
        if (!trouble.wearsOut()) {
            return pause(job, trouble, limits.longestDoubt());
        }
        FetchJob failed = job.failed();
        return failed.failures() < limits.mostAttempts()
                ? pause(failed, trouble, limits.longestPause())
                : giveUp(job, trouble);
    }

    private Uni<StepOutcome> pause(FetchJob job, Trouble trouble, Duration longest) {
        int attempts = job.attempts() + 1;
        return release(job, clock.instant().plus(backOff.pause(attempts, longest)), attempts, trouble);
    }

    private Uni<StepOutcome> release(FetchJob job, Instant next, int attempts, @Nullable Trouble trouble) {
        Uni<Boolean> released = trouble == null || trouble.isOfConnection()
                ? jobs.releaseAll(job, next, attempts, trouble)
                : jobs.release(job, next, attempts, trouble);
        return released.map(StepOutcome::released);
    }
}
