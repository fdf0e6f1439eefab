package io.perennial.fetch.backfill;

import static java.time.ZoneOffset.UTC;

import io.perennial.clock.DomainClock;
import io.perennial.contracts.ConnectionEvent;
import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.FetchCompleted;
import io.perennial.contracts.FetchFailed;
import io.perennial.contracts.FetchProgressed;
import io.perennial.contracts.OrderChange;
import io.perennial.contracts.SampleOrder;
import io.perennial.fetch.connectionview.ConnectionView;
import io.perennial.fetch.connectionview.ConnectionViews;
import io.perennial.fetch.loadstatus.LoadMonths;
import io.perennial.fetch.orders.OrderDigests;
import io.perennial.fetch.orders.OrdersConfig;
import io.perennial.fetch.orders.ProviderAnswer;
import io.perennial.fetch.orders.SellerOrder;
import io.perennial.fetch.quota.Operation;
import io.perennial.fetch.report.ReportAnswer;
import io.perennial.fetch.report.ReportsConfig;
import io.perennial.fetch.watermark.CoverageStore;
import io.perennial.fetch.watermark.GapConfig;
import io.perennial.fetch.watermark.GapPolicy;
import io.perennial.fetch.watermark.Interval;
import io.perennial.outbox.Outbox;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What changes a job together with its events: beginning, a page, orders of a report, the end. Each is one transaction. */
@ApplicationScoped
class PageStore {
    private static final Duration UNTIL_THERE_IS_ROOM = Duration.ofMillis(200);

    /** Whatever changes a job finds its rows by their keys, however many they are and before anything is known of a table. */
    private static final String BY_KEYS = "set local plan_cache_mode = auto; set local enable_seqscan = off";

    private static final String COVERED_UNTIL =
            """
            update connection_view set covered_until = (
                select min(coalesce(upper(part), c.origin))
                from coverage c left join lateral
                     (select p from unnest(c.read + c.lost) p where p @> c.origin or lower(p) = c.origin) as run(part)
                     on true
                where c.connection_id = $1
                  and (c.marketplace_id = any($2) or not exists (
                      select from coverage where connection_id = $1 and marketplace_id = any($2)))),
                without_orders = coalesce($3::boolean, without_orders)
            where connection_id = $1
            """;

    private final Pool pool;
    private final ConnectionViews views;
    private final FetchJobs jobs;
    private final OrderDigests digests;
    private final CoverageStore coverage;
    private final LoadMonths months;
    private final FetchEvents events;
    private final SubscriptionChecks subscriptions;
    private final Outbox outbox;
    private final FetchMetrics metrics;
    private final BackfillConfig limits;
    private final GapPolicy gaps;
    private final PartPolicy parts;
    private final PartPolicy reportParts;
    private final int pageSize;
    private final DomainClock clock;

    PageStore(
            Pool pool,
            ConnectionViews views,
            FetchJobs jobs,
            OrderDigests digests,
            CoverageStore coverage,
            LoadMonths months,
            FetchEvents events,
            SubscriptionChecks subscriptions,
            Outbox outbox,
            FetchMetrics metrics,
            BackfillConfig limits,
            GapConfig gaps,
            OrdersConfig asking,
            ReportsConfig reports,
            DomainClock clock) {
        this.pool = pool;
        this.views = views;
        this.jobs = jobs;
        this.digests = digests;
        this.coverage = coverage;
        this.months = months;
        this.events = events;
        this.subscriptions = subscriptions;
        this.outbox = outbox;
        this.metrics = metrics;
        this.limits = limits;
        this.gaps = new GapPolicy(gaps);
        this.parts = new PartPolicy(asking.pageSize(), limits.partPages());
        this.reportParts = PartPolicy.ofReports(reports);
        this.pageSize = asking.pageSize();
        this.clock = clock;
    }

    /** Notes that the operation is asked for from now on; false if the job is not the caller's any more. */
    Uni<Boolean> begin(FetchJob job, String appId, Operation operation) {
        return held(job, (tx, view) -> begin(tx, view, job, appId, operation))
                .map(outcome -> outcome instanceof StepOutcome.More);
    }

    /** Stores a page. */
    Uni<StepOutcome> store(FetchJob job, ProviderAnswer.Page page) {
        return held(job, (tx, view) -> store(tx, view, job, page));
    }

    /**
     * Stores what a report told, some orders at a time: a document may have very many, and nobody shall wait for them all.
     * Whoever repeats that after a crash goes on after the last order that is stored.
     */
    Uni<StepOutcome> store(FetchJob job, ReportAnswer.Document document, int batch) {
        String after = job.position().pageToken();
        List<SellerOrder> left = document.orders().stream()
                .filter(order -> after == null || order.orderId().compareTo(after) > 0)
                .toList();
        List<ReportPart> parted = ReportPart.of(document, left, batch);
        AtomicReference<StepOutcome> outcome = new AtomicReference<>(new StepOutcome.More(job));
        return Multi.createFrom()
                .iterable(parted)
                .onItem()
                .transformToUniAndConcatenate(part ->
                        next(Objects.requireNonNull(outcome.get()), part).invoke(outcome::set))
                .collect()
                .last();
    }

    private Uni<StepOutcome> next(StepOutcome before, ReportPart part) {
        return before instanceof StepOutcome.More more
                ? roomInTheOutbox().chain(() -> held(more.next(), (tx, view) -> store(tx, view, more.next(), part)))
                : Uni.createFrom().item(before);
    }

    /** One document can fill the outbox, where a page can not. */
    private Uni<Void> roomInTheOutbox() {
        return Uni.createFrom()
                .item(outbox::full)
                .repeat()
                .withDelay(UNTIL_THERE_IS_ROOM)
                .until(full -> !full)
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<StepOutcome> store(SqlConnection tx, ConnectionView view, FetchJob job, ReportPart part) {
        Instant now = clock.instant();
        List<SellerOrder> orders = part.orders();
        return digests.record(tx, view.id(), orders, true)
                .chain(changes -> digests.setAside(tx, view.id(), job.id(), part.setAside(), now.atOffset(UTC))
                        .chain(setAside -> {
                            int pages = part.isLast() ? 1 : 0;
                            Counts counts = job.counts().plus(pages, orders.size(), changes.values(), setAside);
                            FetchJob read = job.at(job.position().upTo(part.lastOrderId()), counts);
                            return take(tx, view, read, orders, changes, !part.isLast(), now)
                                    .chain(() -> part.isLast()
                                            ? endOfReport(tx, view, read, part, now)
                                            : Uni.createFrom().item(new StepOutcome.More(read)))
                                    .invoke(() -> metrics.orders(orders.size(), changes.values()));
                        }));
    }

    private Uni<StepOutcome> endOfReport(
            SqlConnection tx, ConnectionView view, FetchJob read, ReportPart part, Instant now) {
        Optional<Interval> covered = read.covered();
        if (covered.isEmpty()) {
            return searchFromHere(tx, read, Trouble.REPORT_OTHER_WINDOW);
        }
        Supplier<Interval> next = () -> reportParts.after(covered.get(), part.ofAll(), read.window());
        return endOfPart(tx, view, read, covered.get(), sample(part.orders()), next, now);
    }

    /** Reads this part page by page: its report was cancelled, and Amazon does not say why. */
    Uni<StepOutcome> searchPart(FetchJob job) {
        return held(job, (tx, view) -> jobs.searchPart(tx, job, clock.instant()).map(StepOutcome::released));
    }

    /** Reads what is left page by page: reports came to nothing. */
    Uni<StepOutcome> searchFromHere(FetchJob job, Trouble trouble) {
        return held(job, (tx, view) -> searchFromHere(tx, job, trouble));
    }

    /** What is a short report may be more pages than page tokens live for. */
    private Uni<StepOutcome> searchFromHere(SqlConnection tx, FetchJob job, Trouble trouble) {
        Interval part = parts.next(job.part().from(), job.window(), job.ordersPerDay());
        return jobs.searchFromHere(tx, job, part, trouble, clock.instant()).map(StepOutcome::released);
    }

    /**
     * A fetch that waited for long may begin where Amazon does not answer any more: it would leave those orders out without a word.
     * They are noted as lost, never as read, and the fetch tells so at its end, or at once where nothing is left.
     */
    Uni<StepOutcome> withoutForgotten(FetchJob job) {
        return held(job, (tx, view) -> {
            Instant now = clock.instant();
            GapPolicy policy = gaps.with(view.history());
            Instant from = job.part().from();
            if (!policy.forgotten(from, now)) {
                return Uni.createFrom().item(new StepOutcome.More(job));
            }
            Instant earliest = policy.earliest(now);
            Instant end = job.window().to();
            return earliest.isBefore(end)
                    ? lose(tx, view, new Interval(from, earliest))
                            .chain(() -> jobs.forgo(tx, job, partFrom(earliest, job), now))
                            .map(StepOutcome::released)
                    : lose(tx, view, new Interval(from, end)).chain(() -> fail(tx, view, job, Trouble.HISTORY_LOST));
        });
    }

    private Interval partFrom(Instant begin, FetchJob job) {
        PartPolicy policy = job.reading() == Strategy.REPORT ? reportParts : parts;
        return policy.next(begin, job.window(), job.ordersPerDay());
    }

    private Uni<Void> lose(SqlConnection tx, ConnectionView view, Interval lost) {
        return coverage.lose(tx, view.id(), view.coveredMarketplaces(), lost).chain(() -> months.cover(tx, view, lost));
    }

    /** Gives up. */
    Uni<StepOutcome> fail(FetchJob job, Trouble trouble) {
        return held(job, (tx, view) -> fail(tx, view, job, trouble));
    }

    /** Runs a change under the connection's lock, if the job is still the caller's. */
    Uni<StepOutcome> held(FetchJob job, BiFunction<SqlConnection, ConnectionView, Uni<StepOutcome>> change) {
        // Sent together, and run one after the other by the session that both are sent to: always the connection first.
        return pool.withTransaction(tx -> Uni.combine()
                        .all()
                        .unis(
                                tx.query(BY_KEYS).execute(),
                                views.lock(tx, List.of(job.connectionId())),
                                jobs.lock(tx, job))
                        .asTuple()
                        .chain(locked -> {
                            List<ConnectionView> found = locked.getItem2();
                            Uni<StepOutcome> lost = Uni.createFrom().item(new StepOutcome.Lost());
                            return locked.getItem3() && !found.isEmpty() ? change.apply(tx, found.get(0)) : lost;
                        }))
                .invoke(outbox::wake);
    }

    private Uni<StepOutcome> begin(
            SqlConnection tx, ConnectionView view, FetchJob job, String appId, Operation operation) {
        Instant now = clock.instant();
        boolean told = job.begun() || !Announcement.atOnce(job.reason(), job.strategy());
        List<ConnectionEvent> news = told ? List.of() : List.of(Announcement.started(job, view.ref(now)));
        return jobs.begin(tx, job, appId, operation, now)
                .chain(() -> events.publish(tx, view.id(), news))
                .replaceWith(new StepOutcome.More(job.running(operation)));
    }

    private Uni<StepOutcome> store(SqlConnection tx, ConnectionView view, FetchJob job, ProviderAnswer.Page page) {
        Instant now = clock.instant();
        return digests.record(tx, view.id(), page.orders(), false).chain(changes -> digests.setAside(
                        tx, view.id(), job.id(), page.setAside(), now.atOffset(UTC))
                .chain(setAside -> {
                    Counts counts = job.counts().plusPage(page.orders().size(), changes.values(), setAside);
                    FetchJob read = job.at(job.position().after(page), counts);
                    PagePosition.Way way = job.position().way(page, limits);
                    boolean empty = changes.isEmpty()
                            && way == PagePosition.Way.END
                            && read.isLastPart()
                            && read.covered().isPresent();
                    List<ConnectionEvent> announced =
                            Announcement.isDue(job) && !empty ? Announcement.of(job, view.ref(now)) : List.of();
                    return events.publish(tx, view.id(), announced)
                            .chain(() -> take(tx, view, read, page.orders(), changes, way == PagePosition.Way.ON, now))
                            .chain(() -> goOn(tx, view, read, way, page, now))
                            .invoke(() -> metrics.page(page.orders().size(), changes.values()));
                }));
    }

    /**
     * Publishes what is new of orders, counts them and moves the job on.
     *
     * @param goesOn whether more is to be read of this part, so that how far the fetch has come is told too
     */
    private Uni<Void> take(
            SqlConnection tx,
            ConnectionView view,
            FetchJob read,
            List<SellerOrder> orders,
            Map<String, OrderChange> changes,
            boolean goesOn,
            Instant now) {
        ConnectionRef about = view.ref(now);
        List<ConnectionEvent> news = new ArrayList<>();
        List<Instant> updateTimes = new ArrayList<>();
        for (SellerOrder order : orders) {
            OrderChange change = changes.get(order.orderId());
            if (change != null) {
                news.add(order.toEvent(about, read.id(), change));
                updateTimes.add(order.updatedAt());
            }
        }
        if (goesOn) {
            news.addAll(progress(view, read, now));
        }
        return events.publish(tx, view.id(), news).chain(() -> Uni.combine()
                .all()
                .unis(months.add(tx, view, updateTimes), jobs.advance(tx, read))
                .discardItems());
    }

    private Uni<StepOutcome> goOn(
            SqlConnection tx,
            ConnectionView view,
            FetchJob read,
            PagePosition.Way way,
            ProviderAnswer.Page page,
            Instant now) {
        if (way == PagePosition.Way.END) {
            return read.covered()
                    .map(covered -> endOfPart(
                            tx, view, read, covered, sample(page.orders()), () -> nextPart(read, covered), now))
                    .orElseGet(() -> again(tx, view, read, Trouble.WINDOW_NOT_ANSWERED));
        }
        if (way == PagePosition.Way.LOOP) {
            return again(tx, view, read, Trouble.PAGES_LOOP);
        }
        if (way != PagePosition.Way.ON) {
            return fail(
                    tx, view, read, way == PagePosition.Way.ONLY_EMPTY ? Trouble.EMPTY_PAGES : Trouble.TOO_MANY_PAGES);
        }
        return narrowed(tx, read, page).map(StepOutcome.More::new);
    }

    /** After a first page that shows more orders than its page tokens last for, a shorter part from its beginning. */
    private Uni<FetchJob> narrowed(SqlConnection tx, FetchJob read, ProviderAnswer.Page page) {
        Optional<Interval> narrow = read.position().seen().size() == 1
                ? parts.narrowed(
                        read.part(),
                        page.orders().stream().map(SellerOrder::updatedAt).toList())
                : Optional.empty();
        return narrow.map(part -> jobs.narrow(tx, read, part).map(done -> done ? read.at(part) : read))
                .orElseGet(() -> Uni.createFrom().item(read));
    }

    private Interval nextPart(FetchJob read, Interval covered) {
        int pages = read.position().seen().size() + 1;
        return read.strategy() == Strategy.REPORT
                ? reportParts.after(covered, pages * pageSize, read.window())
                : parts.after(covered, pages, read.window());
    }

    private List<FetchProgressed> progress(ConnectionView view, FetchJob read, Instant now) {
        Counts counts = read.counts();
        FetchProgressed progressed = new FetchProgressed(
                view.ref(now),
                read.id(),
                read.reason(),
                counts.pages(),
                counts.ordersNew(),
                counts.ordersUpdated(),
                counts.ordersUnchanged());
        return counts.pages() % limits.progressEvery() == 0 ? List.of(progressed) : List.of();
    }

    /** The youngest order stays readable longest. */
    private static @Nullable SampleOrder sample(List<SellerOrder> orders) {
        return orders.stream()
                .max(Comparator.comparing(SellerOrder::createdAt))
                .map(order -> new SampleOrder(order.orderId(), order.createdAt()))
                .orElse(null);
    }

    private Uni<StepOutcome> endOfPart(
            SqlConnection tx,
            ConnectionView view,
            FetchJob read,
            Interval covered,
            @Nullable SampleOrder sample,
            Supplier<Interval> nextPart,
            Instant now) {
        Uni<Optional<Trouble>> note =
                read.isLastPart() ? note(tx, read) : Uni.createFrom().item(Optional.empty());
        return note.chain(told -> noteCovered(tx, view, read, covered, told)
                .chain(() -> read.isLastPart()
                        ? complete(tx, view, read, new Interval(read.window().from(), covered.to()), sample, told)
                        : goOn(tx, view, read, nextPart.get(), now)));
    }

    private Uni<Void> noteCovered(
            SqlConnection tx, ConnectionView view, FetchJob read, Interval covered, Optional<Trouble> told) {
        Boolean withoutOrders = read.isLastPart()
                ? told.filter(Trouble.NO_ORDERS_AT_ALL::equals).isPresent()
                : null;
        return coverage.add(tx, view.id(), read.marketplaces(), covered)
                .chain(() -> tx.preparedQuery(COVERED_UNTIL)
                        .execute(Tuple.of(view.id(), view.coveredMarketplaces().toArray(String[]::new), withoutOrders)))
                .chain(() -> months.cover(tx, view, covered));
    }

    private Uni<StepOutcome> goOn(SqlConnection tx, ConnectionView view, FetchJob read, Interval next, Instant now) {
        return jobs.beginPart(tx, read, next)
                .chain(() -> events.publish(tx, view.id(), progress(view, read, now)))
                .replaceWith(new StepOutcome.More(read.at(next)));
    }

    /** What a fetch that read everything it could should tell nevertheless. */
    private Uni<Optional<Trouble>> note(SqlConnection tx, FetchJob read) {
        if (read.historyLost()) {
            return Uni.createFrom().item(Optional.of(Trouble.HISTORY_LOST));
        }
        if (read.counts().ordersSetAside() > 0) {
            return Uni.createFrom().item(Optional.of(Trouble.ORDERS_SET_ASIDE));
        }
        return read.counts().orders() > 0
                ? Uni.createFrom().item(Optional.empty())
                : digests.any(tx, read.connectionId())
                        .map(any -> any ? Optional.empty() : Optional.of(Trouble.NO_ORDERS_AT_ALL));
    }

    private Uni<StepOutcome> complete(
            SqlConnection tx,
            ConnectionView view,
            FetchJob read,
            Interval all,
            @Nullable SampleOrder sample,
            Optional<Trouble> note) {
        Counts counts = read.counts();
        return subscriptions
                .of(tx, read.id())
                .map(subscription -> new FetchCompleted(
                        view.ref(clock.instant()),
                        read.id(),
                        read.reason(),
                        all.from(),
                        all.to(),
                        counts.pages(),
                        counts.ordersNew(),
                        counts.ordersUpdated(),
                        counts.ordersUnchanged(),
                        sample,
                        subscription.orElse(null),
                        null))
                .chain(completed -> finish(tx, read, FetchState.COMPLETED, completed, note.orElse(null)));
    }

    Uni<StepOutcome> fail(SqlConnection tx, ConnectionView view, FetchJob job, Trouble trouble) {
        FetchFailed failed = new FetchFailed(view.ref(clock.instant()), job.id(), job.reason(), trouble.name());
        return finish(tx, job, FetchState.FAILED, failed, trouble);
    }

    Uni<StepOutcome> finish(
            SqlConnection tx, FetchJob job, FetchState end, ConnectionEvent event, @Nullable Trouble trouble) {
        return jobs.finish(tx, job, end, clock.instant(), trouble)
                .chain(() -> events.publish(tx, job.connectionId(), List.of(event)))
                .invoke(() -> metrics.finished(end))
                .replaceWith(new StepOutcome.Released());
    }

    /** Begins the part again, perhaps a shorter one, unless that happened too often. */
    Uni<StepOutcome> again(FetchJob job, Trouble trouble) {
        return held(job, (tx, view) -> again(tx, view, job, trouble));
    }

    private Uni<StepOutcome> again(SqlConnection tx, ConnectionView view, FetchJob job, Trouble trouble) {
        // A shorter query helps only against tokens that end before it does.
        int deaths = trouble == Trouble.PAGE_TOKENS_REFUSED ? job.restarts() : 0;
        Interval part = parts.again(job.part(), job.position().seen().size(), deaths);
        // A part that became shorter is another one; that has an end by itself.
        if (job.restarts() >= limits.mostRestarts() && part.equals(job.part())) {
            return fail(tx, view, job, trouble);
        }
        return jobs.rewind(tx, job, part, clock.instant()).map(StepOutcome::released);
    }
}
