package io.perennial.fetch.backfill;

import io.perennial.clock.DomainClock;
import io.perennial.clock.TimeOrderedIds;
import io.perennial.contracts.ConnectionEvent;
import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.FetchFailed;
import io.perennial.contracts.FetchParked;
import io.perennial.contracts.FetchReason;
import io.perennial.contracts.FetchRequested;
import io.perennial.fetch.backfill.FetchJobs.Affected;
import io.perennial.fetch.backfill.FetchJobs.Occasion;
import io.perennial.fetch.backfill.FetchJobs.OpenFetch;
import io.perennial.fetch.backfill.FetchJobs.Planned;
import io.perennial.fetch.connectionview.ConnectionView;
import io.perennial.fetch.connectionview.ViewState;
import io.perennial.fetch.loadstatus.LoadMonths;
import io.perennial.fetch.orders.OrdersConfig;
import io.perennial.fetch.orders.ProviderTime;
import io.perennial.fetch.quota.QuotaConfig;
import io.perennial.fetch.report.ReportsConfig;
import io.perennial.fetch.watermark.Coverage;
import io.perennial.fetch.watermark.CoverageStore;
import io.perennial.fetch.watermark.GapConfig;
import io.perennial.fetch.watermark.GapPolicy;
import io.perennial.fetch.watermark.Interval;
import io.perennial.fetch.watermark.IntervalSet;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Plans fetches, and parks, resumes and cancels them by what happens to their connection. Everything happens in the
 * caller's transaction, which holds the connections' rows.
 */
@ApplicationScoped
public class FetchPlanner {
    private final FetchJobs jobs;
    private final CoverageStore coverage;
    private final LoadMonths months;
    private final FetchEvents events;
    private final GapPolicy policy;
    private final PartPolicy parts;
    private final PartPolicy reportParts;
    private final StrategyPolicy strategies;
    private final ProviderTime providerTime;
    private final BackfillConfig config;
    private final DomainClock clock;
    private final TimeOrderedIds ids;

    FetchPlanner(
            FetchJobs jobs,
            CoverageStore coverage,
            LoadMonths months,
            FetchEvents events,
            GapConfig limits,
            ProviderTime providerTime,
            BackfillConfig config,
            OrdersConfig asking,
            QuotaConfig quota,
            ReportsConfig reports,
            DomainClock clock,
            TimeOrderedIds ids) {
        this.jobs = jobs;
        this.coverage = coverage;
        this.months = months;
        this.events = events;
        this.policy = new GapPolicy(limits);
        this.parts = new PartPolicy(asking.pageSize(), config.partPages());
        this.reportParts = PartPolicy.ofReports(reports);
        this.strategies = new StrategyPolicy(quota, asking, reports);
        this.providerTime = providerTime;
        this.config = config;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * What is known of a connection before a decision.
     *
     * @param origin from where a marketplace begins that has no coverage
     */
    private record Situation(
            ConnectionView view, Instant now, Instant origin, Map<String, Coverage> coverage, List<OpenFetch> open) {}

    /**
     * A fetch for a wish: a new one, or one that is under way and covers it.
     *
     * @param lost what lies before it and can not be read any more
     */
    private record Plan(ConnectionView view, OpenFetch fetch, boolean fresh, Optional<Interval> lost) {}

    /**
     * Plans what is not covered, for each of the connections. A connection whose daily fetch is not finished gets no
     * second one, and a request gets the fetch that is under way if that covers all but the last minutes.
     *
     * @return ids of the fetches, new or under way
     */
    public Uni<List<UUID>> planGaps(
            SqlConnection tx, List<ConnectionView> locked, FetchReason reason, Instant causedAt) {
        return situations(tx, locked, null)
                .chain(situations -> planGaps(tx, situations, occasion(reason, causedAt, null)));
    }

    /** The same for a bulk fetch: the new ones are its own, those under way are not. */
    Uni<List<UUID>> planGaps(SqlConnection tx, List<ConnectionView> locked, UUID bulk, Instant causedAt) {
        return situations(tx, locked, null)
                .chain(situations -> planGaps(tx, situations, occasion(FetchReason.MANUAL, causedAt, bulk)));
    }

    /**
     * Plans the first load of an imported connection: from where the integrator has no orders yet, and in its turn, so
     * that the many of one import leave room for everything else.
     */
    public Uni<List<UUID>> planImported(
            SqlConnection tx, ConnectionView view, @Nullable Instant coveredUntil, Instant causedAt) {
        return situations(tx, List.of(view), coveredUntil)
                .chain(situations -> jobs.nextFirstLoad(tx, clock.instant(), config.firstLoadSpacing())
                        .chain(turn -> planGaps(
                                tx,
                                situations,
                                new Occasion(FetchReason.FIRST_LOAD, causedAt, turn, FetchPriority.IMPORTED, null))));
    }

    private Uni<List<UUID>> planGaps(SqlConnection tx, List<Situation> situations, Occasion occasion) {
        List<Plan> plans = situations.stream()
                .flatMap(situation -> gap(situation, occasion.reason()).stream())
                .toList();
        return begin(tx, situations).chain(() -> store(tx, plans, occasion));
    }

    private Occasion occasion(FetchReason reason, Instant causedAt, @Nullable UUID bulk) {
        return new Occasion(reason, causedAt, clock.instant(), FetchPriority.of(reason), bulk);
    }

    /**
     * Plans a window that somebody asked for, covered or not.
     *
     * @param bulk whose own the new ones are, those under way are not; null where there is none
     */
    Uni<List<UUID>> planWindow(
            SqlConnection tx, List<ConnectionView> locked, Interval window, Instant causedAt, @Nullable UUID bulk) {
        return situations(tx, locked, null).chain(situations -> {
            List<Plan> plans = situations.stream()
                    .map(situation -> exactly(situation, window))
                    .toList();
            return begin(tx, situations).chain(() -> store(tx, plans, occasion(FetchReason.MANUAL, causedAt, bulk)));
        });
    }

    /** The authorization is gone: nothing of the connection is read until a renewal. */
    public Uni<Void> park(SqlConnection tx, ConnectionView view) {
        Trouble trouble = view.state() == ViewState.EXPIRED ? Trouble.CONNECTION_EXPIRED : Trouble.CONNECTION_REVOKED;
        return jobs.park(tx, view.id(), trouble)
                .chain(affected -> tell(
                        tx,
                        view,
                        affected,
                        (about, job) -> new FetchParked(about, job.id(), job.reason(), trouble.name())));
    }

    /** The former grant works again: everything goes on where it stood. */
    public Uni<Void> resume(SqlConnection tx, ConnectionView view) {
        return jobs.resume(tx, view.id(), clock.instant());
    }

    /** A renewal: what was begun goes on where it stood, and one fetch reads all the rest that is not covered. */
    public Uni<Void> catchUp(SqlConnection tx, ConnectionView view, Instant causedAt) {
        return cancel(tx, view, Trouble.SUPERSEDED, true)
                .chain(() -> resume(tx, view))
                .chain(() -> planGaps(tx, List.of(view), FetchReason.RENEWAL_GAP, causedAt))
                .replaceWithVoid();
    }

    /** An advertiser has renewed: what waited and was not read is void, the present day is planned by the daily fetch. */
    public Uni<Void> beginAnew(SqlConnection tx, ConnectionView view) {
        return cancel(tx, view, Trouble.SUPERSEDED, true).chain(() -> resume(tx, view));
    }

    /** The connection was given up. */
    public Uni<Void> cancel(SqlConnection tx, ConnectionView view) {
        return cancel(tx, view, Trouble.CONNECTION_DISCONNECTED, false);
    }

    /** Somebody does not want this fetch. What has ended stays as it is. */
    Uni<Void> cancelOne(SqlConnection tx, ConnectionView view, UUID fetch) {
        Trouble why = Trouble.CANCELLED_BY_REQUEST;
        return jobs.cancelOne(tx, fetch, why, clock.instant()).chain(affected -> cancelled(tx, view, affected, why));
    }

    private Uni<Void> cancel(SqlConnection tx, ConnectionView view, Trouble why, boolean unreadOnly) {
        return jobs.cancel(tx, view.id(), why, clock.instant(), unreadOnly)
                .chain(affected -> cancelled(tx, view, affected, why));
    }

    private Uni<Void> cancelled(SqlConnection tx, ConnectionView view, List<Affected> affected, Trouble why) {
        return tell(tx, view, affected, (about, job) -> new FetchFailed(about, job.id(), job.reason(), why.name()));
    }

    private Uni<Void> tell(
            SqlConnection tx,
            ConnectionView view,
            List<Affected> affected,
            BiFunction<ConnectionRef, Affected, ConnectionEvent> event) {
        ConnectionRef about = view.ref(clock.instant());
        return events.publish(
                tx,
                view.id(),
                affected.stream().map(job -> event.apply(about, job)).toList());
    }

    private Uni<List<Situation>> situations(
            SqlConnection tx, List<ConnectionView> locked, @Nullable Instant coveredUntil) {
        List<UUID> connections = locked.stream().map(ConnectionView::id).toList();
        return coverage.find(tx, connections)
                .chain(covered -> jobs.open(tx, connections).map(open -> locked.stream()
                        .map(view -> situation(
                                view,
                                coveredUntil,
                                covered.getOrDefault(view.id(), Map.of()),
                                open.getOrDefault(view.id(), List.of())))
                        .toList()));
    }

    /** With the coverage of all marketplaces; one of which nothing was ever read begins with the first load. */
    private Situation situation(
            ConnectionView view, @Nullable Instant coveredUntil, Map<String, Coverage> known, List<OpenFetch> open) {
        Instant now = providerTime.now(view.region().name());
        Instant origin =
                coveredUntil == null ? policy.origin(now) : policyOf(view).origin(now, coveredUntil);
        Coverage ofAll = known.getOrDefault(ConnectionView.EVERY_MARKETPLACE, new Coverage(origin, IntervalSet.EMPTY));
        Map<String, Coverage> coverageOfAll = view.coveredMarketplaces().stream()
                .distinct()
                .collect(Collectors.toMap(Function.identity(), marketplace -> known.getOrDefault(marketplace, ofAll)));
        return new Situation(view, now, origin, coverageOfAll, open);
    }

    /** Of an advertiser the present day, unless it is being read. */
    private Optional<Plan> snapshot(Situation situation, FetchReason reason) {
        Instant now = clock.instant();
        Instant day = now.truncatedTo(ChronoUnit.DAYS);
        Optional<OpenFetch> open = situation.open().stream()
                .filter(fetch -> now.isBefore(fetch.window().to()))
                .findFirst();
        if (open.isPresent()) {
            return reason == FetchReason.MANUAL
                    ? open.map(fetch -> new Plan(situation.view(), fetch, false, Optional.empty()))
                    : Optional.empty();
        }
        Interval window = new Interval(day, day.plus(1, ChronoUnit.DAYS));
        return Optional.of(fresh(situation.view(), window, reason, Optional.empty()));
    }

    private Optional<Plan> gap(Situation situation, FetchReason reason) {
        if (situation.view().advertises()) {
            return snapshot(situation, reason);
        }
        if (reason == FetchReason.DAILY
                && situation.open().stream().anyMatch(open -> open.reason() == FetchReason.DAILY)) {
            return Optional.empty();
        }
        List<Coverage> soon = withUnderWay(situation);
        GapPolicy policyOfView = policyOf(situation.view());
        Optional<Interval> gap = policyOfView.gap(soon, situation.now());
        Optional<OpenFetch> latest = situation.open().stream()
                .max(Comparator.comparing(open -> open.window().to()));
        boolean covered = gap.isEmpty() || policy.negligible(gap.get());
        if (reason == FetchReason.MANUAL && latest.isPresent() && covered) {
            return latest.map(open -> new Plan(situation.view(), open, false, Optional.empty()));
        }
        Optional<Interval> lost = policyOfView.lost(soon, situation.now());
        return gap.map(window -> reason == FetchReason.DAILY
                        ? policy.swept(window, situation.coverage().values())
                        : window)
                .map(window -> fresh(situation.view(), window, reason, lost));
    }

    /** As if all that is open were read already. A marketplace that was named since is in none of it. */
    private static List<Coverage> withUnderWay(Situation situation) {
        return situation.coverage().entrySet().stream()
                .map(known -> known.getValue()
                        .including(situation.open().stream()
                                .filter(open -> open.reads(known.getKey()))
                                .map(OpenFetch::window)
                                .toList()))
                .toList();
    }

    private GapPolicy policyOf(ConnectionView view) {
        return policy.with(view.history());
    }

    private Plan exactly(Situation situation, Interval window) {
        return situation.open().stream()
                .filter(open -> open.window().encloses(window))
                .findFirst()
                .map(open -> new Plan(situation.view(), open, false, Optional.empty()))
                .orElseGet(() -> fresh(situation.view(), window, FetchReason.MANUAL, Optional.empty()));
    }

    private Plan fresh(ConnectionView view, Interval window, FetchReason reason, Optional<Interval> lost) {
        OpenFetch fetch = new OpenFetch(ids.next(), view.id(), reason, window, view.coveredMarketplaces());
        return new Plan(view, fetch, true, lost);
    }

    private Uni<Void> begin(SqlConnection tx, List<Situation> situations) {
        return Multi.createFrom()
                .iterable(situations)
                .filter(situation -> !situation.view().advertises())
                .onItem()
                .transformToUniAndConcatenate(situation -> coverage.begin(
                                tx, situation.view().id(), situation.coverage().keySet(), situation.origin())
                        .replaceWith(situation))
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<List<UUID>> store(SqlConnection tx, List<Plan> plans, Occasion occasion) {
        List<UUID> all = plans.stream().map(plan -> plan.fetch().id()).toList();
        List<Plan> fresh = plans.stream().filter(Plan::fresh).toList();
        if (fresh.isEmpty()) {
            return Uni.createFrom().item(all);
        }
        Instant now = clock.instant();
        List<UUID> connections = fresh.stream().map(plan -> plan.view().id()).toList();
        return months.usualDay(tx, connections)
                .map(usual -> planned(fresh, usual))
                .chain(planned -> jobs.insert(tx, planned, occasion, now)
                        .chain(() -> noteLosses(tx, fresh))
                        .chain(() -> events.publishOneEach(tx, announced(fresh, planned, occasion, now))))
                .replaceWith(all);
    }

    /** A daily fetch that may turn out empty is told of when there is something to tell ({@link Announcement}). */
    private static List<ConnectionEvent> announced(
            List<Plan> fresh, List<Planned> planned, Occasion occasion, Instant now) {
        List<ConnectionEvent> requested = new ArrayList<>();
        for (int i = 0; i < fresh.size(); i++) {
            if (Announcement.atOnce(occasion.reason(), planned.get(i).choice().strategy())) {
                Plan plan = fresh.get(i);
                Interval window = plan.fetch().window();
                requested.add(new FetchRequested(
                        plan.view().ref(now), plan.fetch().id(), occasion.reason(), window.from(), window.to()));
            }
        }
        return requested;
    }

    private List<Planned> planned(List<Plan> plans, Map<UUID, Double> usualDay) {
        return plans.stream()
                .map(plan -> planned(
                        plan,
                        plan.view().advertises()
                                ? null
                                : usualDay.get(plan.view().id())))
                .toList();
    }

    private Planned planned(Plan plan, @Nullable Double usualDay) {
        Interval window = plan.fetch().window();
        double ordersPerDay = usualDay == null ? 0 : usualDay;
        double days = (double) window.length().toMillis() / Duration.ofDays(1).toMillis();
        StrategyPolicy.Choice choice = plan.view().advertises()
                ? StrategyPolicy.Choice.only(Strategy.PROFILES)
                : choice(window, usualDay, plan.view());
        PartPolicy policyOfParts = choice.strategy() == Strategy.REPORT ? reportParts : parts;
        return new Planned(
                plan.fetch(),
                policyOfParts.next(window.from(), window, ordersPerDay).to(),
                usualDay == null ? null : (int) Math.min(Math.ceil(ordersPerDay * days), Integer.MAX_VALUE),
                plan.lost().map(Interval::from).orElse(null),
                choice);
    }

    /** Where Amazon answers for more than two years, its reports still do not, and nothing says so. */
    private StrategyPolicy.Choice choice(Interval window, @Nullable Double usualDay, ConnectionView view) {
        return policy.forgotten(window.from(), clock.instant())
                ? StrategyPolicy.search(StrategyReason.REPORTS_TOO_SHORT)
                : strategies.choose(window.length(), usualDay, view.coveredMarketplaces());
    }

    /** A loss is told once: from then on the watermark passes over it. */
    private Uni<Void> noteLosses(SqlConnection tx, List<Plan> plans) {
        List<Plan> losing =
                plans.stream().filter(plan -> plan.lost().isPresent()).toList();
        return losing.isEmpty()
                ? Uni.createFrom().voidItem()
                : Multi.createFrom()
                        .iterable(losing)
                        .onItem()
                        .transformToUniAndConcatenate(plan ->
                                lose(tx, plan.view(), plan.lost().orElseThrow()).replaceWith(plan))
                        .collect()
                        .last()
                        .replaceWithVoid();
    }

    private Uni<Void> lose(SqlConnection tx, ConnectionView view, Interval lost) {
        return coverage.lose(tx, view.id(), view.coveredMarketplaces(), lost).chain(() -> months.cover(tx, view, lost));
    }
}
