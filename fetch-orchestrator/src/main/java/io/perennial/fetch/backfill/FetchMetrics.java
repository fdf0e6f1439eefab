package io.perennial.fetch.backfill;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.perennial.clock.DomainClock;
import io.perennial.contracts.FetchReason;
import io.perennial.contracts.OrderChange;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what fetching does. Tags are enums only. */
@ApplicationScoped
class FetchMetrics {
    /** A second is the goal; the others tell how far it is missed. */
    private static final Duration[] FIRST_PAGES = {
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Duration.ofMinutes(5),
        Duration.ofHours(1)
    };

    private final MeterRegistry meters;
    private final Counter pages;
    private final Counter unchanged;
    private final Counter throttled;
    private final Counter quotaWaits;
    private final Timer renewalToFirstPage;
    private final AtomicLong lagSeconds = new AtomicLong();
    private final AtomicLong failing = new AtomicLong();
    private final AtomicLong erasures = new AtomicLong();
    private final AtomicLong bulks = new AtomicLong();
    private volatile Map<DueWork, Instant> due = Map.of();
    private final Map<FetchState, AtomicLong> open = new EnumMap<>(FetchState.class);

    FetchMetrics(MeterRegistry meters, DomainClock clock) {
        this.meters = meters;
        this.pages = Counter.builder("perennial.fetch.pages")
                .description("Pages of orders that were stored")
                .register(meters);
        this.unchanged = orders("UNCHANGED");
        this.throttled = Counter.builder("perennial.fetch.throttled")
                .description("Answers 429; on a stable plan there are none")
                .register(meters);
        this.quotaWaits = Counter.builder("perennial.fetch.quota.waits")
                .description("Times a fetch had to wait for the quota")
                .register(meters);
        this.renewalToFirstPage = Timer.builder("perennial.fetch.renewal.to.first.page")
                .description("From a renewal at auth-service to the request of the first page (domain clock)")
                .serviceLevelObjectives(FIRST_PAGES)
                .register(meters);
        Gauge.builder("perennial.fetch.watermark.lag.seconds", lagSeconds, AtomicLong::get)
                .description("How far the connection that is furthest behind is behind, of those that are usable")
                .register(meters);
        Gauge.builder("perennial.fetch.connections.failing", failing, AtomicLong::get)
                .description("Usable connections whose last fetch failed")
                .register(meters);
        Gauge.builder("perennial.fetch.bulks", bulks, AtomicLong::get)
                .description("Bulk fetches that are not planned to their end")
                .register(meters);
        Gauge.builder("perennial.fetch.erasures", erasures, AtomicLong::get)
                .description("Connections that were given up and of which something is still here")
                .register(meters);
        for (DueWork work : DueWork.values()) {
            // Aged when it is asked for: it grows while the database can not be asked.
            TimeGauge.builder(
                            "perennial.fetch.oldest.due",
                            this,
                            TimeUnit.MILLISECONDS,
                            metrics -> ageMillis(metrics.due.getOrDefault(work, Instant.MAX), clock.instant()))
                    .description("How long the oldest work has been due that nobody has taken (domain clock)")
                    .tag("work", work.name())
                    .register(meters);
        }
        for (FetchState state : new FetchState[] {FetchState.WAITING, FetchState.RUNNING, FetchState.PARKED}) {
            AtomicLong count = new AtomicLong();
            open.put(state, count);
            Gauge.builder("perennial.fetch.jobs", count, AtomicLong::get)
                    .description("Fetches that are not finished")
                    .tag("state", state.name())
                    .register(meters);
        }
    }

    void page(int orders, Collection<OrderChange> changes) {
        pages.increment();
        orders(orders, changes);
    }

    void orders(int orders, Collection<OrderChange> changes) {
        changes.forEach(change -> orders(change.name()).increment());
        unchanged.increment(orders - changes.size());
    }

    /** An answer about a report; there are as many kinds as there are answers. */
    void report(Class<?> answer) {
        Counter.builder("perennial.fetch.reports")
                .description("Answers about reports, by what they said")
                .tag("answer", answer.getSimpleName())
                .register(meters)
                .increment();
    }

    void throttled() {
        throttled.increment();
    }

    void quotaWait() {
        quotaWaits.increment();
    }

    void firstPage(FetchReason reason, Duration sinceCause) {
        if (reason == FetchReason.RENEWAL_GAP && !sinceCause.isNegative()) {
            renewalToFirstPage.record(sinceCause);
        }
    }

    void finished(FetchState end) {
        Counter.builder("perennial.fetch.finished")
                .description("Fetches that ended")
                .tag("state", end.name())
                .register(meters)
                .increment();
    }

    void open(Map<FetchState, Long> counts) {
        open.forEach((state, count) -> count.set(counts.getOrDefault(state, 0L)));
    }

    void lag(Duration lag) {
        lagSeconds.set(Math.max(0, lag.toSeconds()));
    }

    /** What is left out is not due. */
    void due(Map<DueWork, Instant> oldest) {
        due = Map.copyOf(oldest);
    }

    void failing(long connections) {
        failing.set(connections);
    }

    void bulks(long open) {
        bulks.set(open);
    }

    void erasures(long open) {
        erasures.set(open);
    }

    private static double ageMillis(Instant since, Instant now) {
        return since.isAfter(now) ? 0 : Duration.between(since, now).toMillis();
    }

    private Counter orders(String change) {
        return Counter.builder("perennial.fetch.orders")
                .description("Orders read, by what they were to us")
                .tag("change", change)
                .register(meters);
    }
}
