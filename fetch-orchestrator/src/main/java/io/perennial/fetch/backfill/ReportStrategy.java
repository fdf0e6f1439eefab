package io.perennial.fetch.backfill;

import io.perennial.clock.DomainClock;
import io.perennial.fetch.access.AccessAnswer;
import io.perennial.fetch.orders.ProviderAnswer;
import io.perennial.fetch.orders.ProviderReply;
import io.perennial.fetch.quota.Operation;
import io.perennial.fetch.report.ReportAnswer;
import io.perennial.fetch.report.ReportsClient;
import io.perennial.fetch.report.ReportsConfig;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Reads a part from a report: ordered once, looked at in growing pauses, read when it is ready. Each answer is stored before
 * the next request, so that whoever goes on after a crash knows the report and its document.
 *
 * <ul>
 *   <li>An order whose answer never came is looked for among the seller's reports before it is repeated.
 *   <li>A cancelled report may be an empty one or not: Amazon does not say. A search reads that part; if there is nothing, it
 *       is one page.
 *   <li>A report that fails is ordered again; after too many, the whole fetch goes on page by page, and says why. So it does
 *       where the Reports API refuses or fails as long as would end a fetch that reads pages, a 429 included.
 * </ul>
 */
@ApplicationScoped
class ReportStrategy implements FetchStrategy {
    private final ReportsClient amazon;
    private final PageStore pages;
    private final FetchJobs jobs;
    private final FetchMetrics metrics;
    private final ReportsConfig config;
    private final BackfillConfig limits;
    private final PartPolicy parts;
    private final DomainClock clock;

    private final Operation create;
    private final Operation list;
    private final Operation look;
    private final Operation document;
    private final Semaphore documents;

    ReportStrategy(
            ReportsClient amazon,
            PageStore pages,
            FetchJobs jobs,
            FetchMetrics metrics,
            ReportsConfig config,
            BackfillConfig limits,
            DomainClock clock) {
        this.amazon = amazon;
        this.pages = pages;
        this.jobs = jobs;
        this.metrics = metrics;
        this.config = config;
        this.limits = limits;
        this.parts = PartPolicy.ofReports(config);
        this.clock = clock;
        this.create = new Operation(ReportsClient.CREATE, config.burst(), config.spacing());
        this.list = new Operation(ReportsClient.LIST, config.listBurst(), config.listSpacing());
        this.look = new Operation(ReportsClient.LOOK, config.pollBurst(), config.pollSpacing());
        this.documents = new Semaphore(config.parallelDocuments());
        this.document = new Operation(ReportsClient.DOCUMENT, config.burst(), config.spacing());
    }

    @Override
    public Strategy strategy() {
        return Strategy.REPORT;
    }

    /** Their outages say nothing about orders. */
    @Override
    public String breaker(AccessAnswer.Granted access) {
        return "REPORTS_" + access.region();
    }

    @Override
    public Operation next(FetchJob job) {
        if (job.report().documentId() != null) {
            return document;
        }
        if (job.report().inDoubt()) {
            return list;
        }
        return job.report().reportId() != null ? look : create;
    }

    /** Documents are large: only some are in memory at a time, from the request until their orders are stored. */
    @Override
    public Optional<Runnable> room(FetchJob job) {
        if (job.report().documentId() == null) {
            return Optional.of(() -> {});
        }
        return documents.tryAcquire() ? Optional.of(documents::release) : Optional.empty();
    }

    @Override
    public Uni<ProviderReply> ask(AccessAnswer.Granted access, FetchJob job) {
        String reportId = job.report().reportId();
        String documentId = job.report().documentId();
        if (documentId != null) {
            return amazon.document(access, documentId);
        }
        if (reportId != null) {
            return amazon.look(access, reportId);
        }
        Instant orderedAt = job.report().orderedAt();
        return orderedAt != null ? amazon.find(access, job.part(), job.marketplaces(), orderedAt) : order(access, job);
    }

    /** Noted before it is asked for: whoever gets no answer looks for the report before another one is ordered. */
    private Uni<ProviderReply> order(AccessAnswer.Granted access, FetchJob job) {
        return jobs.ordering(job, job.report().ordering(clock.instant()))
                .chain(mine -> mine
                        ? amazon.order(access, job.part(), job.marketplaces())
                        : Uni.createFrom()
                                .item(new ProviderReply(
                                        new ProviderAnswer.NotAsked(Trouble.INTERNAL.name()), OptionalDouble.empty())));
    }

    @Override
    public Uni<StepOutcome> store(FetchJob job, ProviderAnswer.Content content) {
        metrics.report(content.getClass());
        if (content instanceof ReportAnswer.Ordered ordered) {
            ReportPosition position = job.report().ordered(ordered.reportId(), clock.instant());
            return at(job, position, null, config.firstPoll());
        }
        if (content instanceof ReportAnswer.NeverOrdered) {
            // What failed was the order: the attempts at it go on counting.
            return jobs.at(job, job.report().neverOrdered(), null, clock.instant(), null)
                    .map(StepOutcome::released);
        }
        if (content instanceof ReportAnswer.NotReady) {
            return notReady(job);
        }
        if (content instanceof ReportAnswer.Ready ready) {
            return ready(job, ready);
        }
        if (content instanceof ReportAnswer.Document read) {
            return pages.store(job, read, config.batch());
        }
        if (content instanceof ReportAnswer.Cancelled) {
            return pages.searchPart(job);
        }
        return failed(job, content);
    }

    private Uni<StepOutcome> failed(FetchJob job, ProviderAnswer.Content content) {
        if (content instanceof ReportAnswer.Fatal) {
            return again(job, Trouble.REPORT_FATAL);
        }
        if (content instanceof ReportAnswer.Gone) {
            return again(job, Trouble.REPORT_GONE);
        }
        if (content instanceof ReportAnswer.TooLarge) {
            return again(job, Trouble.REPORT_TOO_LARGE);
        }
        if (content instanceof ReportAnswer.Unreadable) {
            return again(job, Trouble.REPORT_UNREADABLE);
        }
        if (content instanceof ReportAnswer.NotOffered) {
            return pages.searchFromHere(job, Trouble.REPORT_REFUSED);
        }
        if (content instanceof ReportAnswer.LinkDead) {
            return linkDead(job);
        }
        throw new IllegalStateException("Unknown answer " + content);
    }

    private Uni<StepOutcome> notReady(FetchJob job) {
        Instant orderedAt = job.report().orderedAt();
        if (orderedAt != null && clock.instant().isAfter(orderedAt.plus(config.longestProcessing()))) {
            return pages.searchFromHere(job, Trouble.REPORT_LATE);
        }
        ReportPosition position = job.report().inVain();
        return at(job, position, null, pollPause(position.polls()));
    }

    Duration pollPause(int polls) {
        double millis = config.firstPoll().toMillis() * Math.pow(1.5, Math.min(polls, 50));
        return Duration.ofMillis((long) Math.min(millis, config.longestPoll().toMillis()));
    }

    /** A window that was cut at its beginning is not what was ordered; one that ends earlier covers less. */
    private Uni<StepOutcome> ready(FetchJob job, ReportAnswer.Ready ready) {
        Instant from = ready.from();
        if (from != null && from.isAfter(job.part().from())) {
            return pages.searchFromHere(job, Trouble.REPORT_OTHER_WINDOW);
        }
        Instant to = ready.to();
        Instant answeredTo = to != null && to.isBefore(job.part().to()) ? to : null;
        return at(job, job.report().ready(ready.documentId()), answeredTo, Duration.ZERO);
    }

    private Uni<StepOutcome> at(FetchJob job, ReportPosition position, @Nullable Instant answeredTo, Duration pause) {
        Instant next = clock.instant().plus(pause);
        Trouble waiting = position.documentId() == null ? Trouble.REPORT_IN_PREPARATION : null;
        return jobs.at(job.gotOn(), position, answeredTo, next, waiting).map(StepOutcome::released);
    }

    private Uni<StepOutcome> linkDead(FetchJob job) {
        FetchJob failed = job.failed();
        return failed.failures() >= limits.mostAttempts()
                ? pages.searchFromHere(job, Trouble.REPORT_LINK_DEAD)
                : jobs.release(
                                failed,
                                clock.instant().plus(config.firstPoll()),
                                job.attempts() + 1,
                                Trouble.REPORT_LINK_DEAD)
                        .map(StepOutcome::released);
    }

    /** What is too large is ordered in halves; what failed may succeed later. */
    private Uni<StepOutcome> again(FetchJob job, Trouble trouble) {
        if (job.report().failures() >= config.mostFailures()) {
            return pages.searchFromHere(job, trouble);
        }
        boolean halve = trouble == Trouble.REPORT_TOO_LARGE;
        Instant next = halve ? clock.instant() : clock.instant().plus(limits.longestPause());
        return jobs.orderAgain(job, halve ? parts.half(job.part()) : job.part(), next, trouble)
                .map(StepOutcome::released);
    }
}
