package io.perennial.fetch.backfill;

import static java.time.ZoneOffset.UTC;

import io.perennial.clock.DomainClock;
import io.perennial.contracts.ConnectionEvent;
import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.FetchCompleted;
import io.perennial.contracts.FetchFailed;
import io.perennial.contracts.FetchProgressed;
import io.perennial.contracts.FetchStarted;
import io.perennial.contracts.OrderChange;
import io.perennial.contracts.SampleOrder;
import io.perennial.fetch.connectionview.ConnectionView;
import io.perennial.fetch.connectionview.ConnectionViews;
import io.perennial.fetch.loadstatus.LoadMonths;
import io.perennial.fetch.orders.OrderDigests;
import io.perennial.fetch.orders.SearchAnswer;
import io.perennial.fetch.orders.SellerOrder;
import io.perennial.fetch.watermark.CoverageStore;
import io.perennial.fetch.watermark.Interval;
import io.perennial.outbox.Outbox;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** What changes a job together with its events: beginning, a page, the end. Each is one transaction. */
@ApplicationScoped
class PageStore {
    private static final String COVERED_UNTIL =
            """
            update connection_view set covered_until = (
                select min(coalesce(upper(part), c.origin))
                from coverage c left join lateral
                     (select p from unnest(c.read) p where p @> c.origin or lower(p) = c.origin) as run(part) on true
                where c.connection_id = $1)
            where connection_id = $1
            """;

    private final Pool pool;
    private final ConnectionViews views;
    private final FetchJobs jobs;
    private final OrderDigests digests;
    private final CoverageStore coverage;
    private final LoadMonths months;
    private final FetchEvents events;
    private final Outbox outbox;
    private final FetchMetrics metrics;
    private final BackfillConfig limits;
    private final DomainClock clock;

    PageStore(
            Pool pool,
            ConnectionViews views,
            FetchJobs jobs,
            OrderDigests digests,
            CoverageStore coverage,
            LoadMonths months,
            FetchEvents events,
            Outbox outbox,
            FetchMetrics metrics,
            BackfillConfig limits,
            DomainClock clock) {
        this.pool = pool;
        this.views = views;
        this.jobs = jobs;
        this.digests = digests;
        this.coverage = coverage;
        this.months = months;
        this.events = events;
        this.outbox = outbox;
        this.metrics = metrics;
        this.limits = limits;
        this.clock = clock;
    }

    /** Notes that pages are asked for from now on; false if the job is not the caller's any more. */
    Uni<Boolean> begin(FetchJob job) {
        return held(job, (tx, view) -> begin(tx, view, job)).map(outcome -> outcome instanceof StepOutcome.More);
    }

    /** Stores a page. */
    Uni<StepOutcome> store(FetchJob job, SearchAnswer.Page page) {
        return held(job, (tx, view) -> store(tx, view, job, page));
    }

    /** Gives up. */
    Uni<StepOutcome> fail(FetchJob job, Trouble trouble) {
        return held(job, (tx, view) -> fail(tx, view, job, trouble));
    }

    /** Runs a change under the connection's lock, if the job is still the caller's. */
    private Uni<StepOutcome> held(FetchJob job, BiFunction<SqlConnection, ConnectionView, Uni<StepOutcome>> change) {
        return pool.withTransaction(tx -> views.lock(tx, List.of(job.connectionId()))
                        .chain(found -> jobs.lock(tx, job).chain(mine -> {
                            Uni<StepOutcome> lost = Uni.createFrom().item(new StepOutcome.Lost());
                            return mine && !found.isEmpty() ? change.apply(tx, found.get(0)) : lost;
                        })))
                .invoke(outbox::wake);
    }

    private Uni<StepOutcome> begin(SqlConnection tx, ConnectionView view, FetchJob job) {
        Instant now = clock.instant();
        FetchStarted started = new FetchStarted(
                view.ref(now),
                job.id(),
                job.reason(),
                job.window().from(),
                job.window().to());
        List<ConnectionEvent> news = job.begun() ? List.of() : List.of(started);
        return jobs.begin(tx, job, now)
                .chain(() -> events.publish(tx, view.id(), news))
                .replaceWith(new StepOutcome.More(job.running()));
    }

    private Uni<StepOutcome> store(SqlConnection tx, ConnectionView view, FetchJob job, SearchAnswer.Page page) {
        Instant now = clock.instant();
        return digests.record(tx, view.id(), page.orders()).chain(changes -> digests.setAside(
                        tx, view.id(), job.id(), page.setAside(), now.atOffset(UTC))
                .chain(setAside -> {
                    Counts counts = job.counts().plusPage(page.orders().size(), changes.values(), setAside);
                    FetchJob read = job.at(job.position().after(page), counts);
                    return news(tx, view, job, page.orders(), changes, now)
                            .chain(() -> jobs.advance(tx, read))
                            .chain(() -> goOn(tx, view, read, job.position().way(page, limits), page, now))
                            .invoke(() -> metrics.page(page.orders().size(), changes.values()));
                }));
    }

    private Uni<Void> news(
            SqlConnection tx,
            ConnectionView view,
            FetchJob job,
            List<SellerOrder> orders,
            Map<String, OrderChange> changes,
            Instant now) {
        ConnectionRef about = view.ref(now);
        List<ConnectionEvent> news = new ArrayList<>();
        List<Instant> updateTimes = new ArrayList<>();
        for (SellerOrder order : orders) {
            OrderChange change = changes.get(order.orderId());
            if (change != null) {
                news.add(order.toEvent(about, job.id(), change));
                updateTimes.add(order.updatedAt());
            }
        }
        return events.publish(tx, view.id(), news).chain(() -> months.add(tx, view.id(), updateTimes));
    }

    private Uni<StepOutcome> goOn(
            SqlConnection tx,
            ConnectionView view,
            FetchJob read,
            PagePosition.Way way,
            SearchAnswer.Page page,
            Instant now) {
        if (way == PagePosition.Way.END) {
            return complete(tx, view, read, sample(page.orders()), now);
        }
        if (way == PagePosition.Way.LOOP) {
            return again(tx, view, read, Trouble.PAGES_LOOP);
        }
        if (way != PagePosition.Way.ON) {
            return fail(
                    tx, view, read, way == PagePosition.Way.ONLY_EMPTY ? Trouble.EMPTY_PAGES : Trouble.TOO_MANY_PAGES);
        }
        Counts counts = read.counts();
        FetchProgressed progressed = new FetchProgressed(
                view.ref(now),
                read.id(),
                read.reason(),
                counts.pages(),
                counts.ordersNew(),
                counts.ordersUpdated(),
                counts.ordersUnchanged());
        boolean tell = counts.pages() % limits.progressEvery() == 0;
        return events.publish(tx, view.id(), tell ? List.of(progressed) : List.of())
                .replaceWith(new StepOutcome.More(read));
    }

    /** The youngest order stays readable longest. */
    private static @Nullable SampleOrder sample(List<SellerOrder> orders) {
        return orders.stream()
                .max(Comparator.comparing(SellerOrder::createdAt))
                .map(order -> new SampleOrder(order.orderId(), order.createdAt()))
                .orElse(null);
    }

    private Uni<StepOutcome> complete(
            SqlConnection tx, ConnectionView view, FetchJob read, @Nullable SampleOrder sample, Instant now) {
        Interval covered = read.coveredWindow();
        Counts counts = read.counts();
        FetchCompleted completed = new FetchCompleted(
                view.ref(now),
                read.id(),
                read.reason(),
                covered.from(),
                covered.to(),
                counts.pages(),
                counts.ordersNew(),
                counts.ordersUpdated(),
                counts.ordersUnchanged(),
                sample);
        Trouble note = counts.ordersSetAside() > 0 ? Trouble.ORDERS_SET_ASIDE : null;
        return coverage.add(tx, view.id(), read.marketplaces(), covered)
                .chain(() -> tx.preparedQuery(COVERED_UNTIL).execute(Tuple.of(view.id())))
                .chain(() -> finish(tx, read, FetchState.COMPLETED, completed, note));
    }

    private Uni<StepOutcome> fail(SqlConnection tx, ConnectionView view, FetchJob job, Trouble trouble) {
        FetchFailed failed = new FetchFailed(view.ref(clock.instant()), job.id(), job.reason(), trouble.name());
        return finish(tx, job, FetchState.FAILED, failed, trouble);
    }

    private Uni<StepOutcome> finish(
            SqlConnection tx, FetchJob job, FetchState end, ConnectionEvent event, @Nullable Trouble trouble) {
        return jobs.finish(tx, job, end, clock.instant(), trouble)
                .chain(() -> events.publish(tx, job.connectionId(), List.of(event)))
                .invoke(() -> metrics.finished(end))
                .replaceWith(new StepOutcome.Released());
    }

    /** Begins the query again, unless that happened too often. */
    Uni<StepOutcome> again(FetchJob job, Trouble trouble) {
        return held(job, (tx, view) -> again(tx, view, job, trouble));
    }

    private Uni<StepOutcome> again(SqlConnection tx, ConnectionView view, FetchJob job, Trouble trouble) {
        return job.restarts() >= limits.mostRestarts()
                ? fail(tx, view, job, trouble)
                : jobs.rewind(tx, job, clock.instant()).map(StepOutcome::released);
    }
}
