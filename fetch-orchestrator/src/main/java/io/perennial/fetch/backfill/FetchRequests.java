package io.perennial.fetch.backfill;

import io.perennial.clock.DomainClock;
import io.perennial.contracts.FetchReason;
import io.perennial.fetch.backfill.RememberedRequests.Outcome;
import io.perennial.fetch.connectionview.ConnectionView;
import io.perennial.fetch.connectionview.ConnectionViews;
import io.perennial.fetch.watermark.GapConfig;
import io.perennial.fetch.watermark.GapPolicy;
import io.perennial.fetch.watermark.Interval;
import io.perennial.outbox.Outbox;
import io.perennial.problem.ProblemException;
import io.perennial.service.IdempotencyKey;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * "Fetch My Data": plans what people ask for, or notes it where that is too much for one transaction ({@link BulkFetches}). The
 * same request under the same key is one request.
 */
@ApplicationScoped
class FetchRequests {
    private static final String ENDED = "select connection_id, state, part_from, window_to from fetch_job"
            + " where id = $1 and ($2::text[] is null or tenant_id = any($2))";

    private final Pool pool;
    private final ConnectionViews views;
    private final FetchPlanner planner;
    private final FetchList list;
    private final BulkFetches bulks;
    private final FetchLoop loop;
    private final BulkFetchLoop bulkLoop;
    private final RememberedRequests remembered;
    private final Outbox outbox;
    private final BackfillConfig limits;
    private final GapPolicy gaps;
    private final DomainClock clock;

    FetchRequests(
            Pool pool,
            ConnectionViews views,
            FetchPlanner planner,
            FetchList list,
            BulkFetches bulks,
            FetchLoop loop,
            BulkFetchLoop bulkLoop,
            RememberedRequests remembered,
            Outbox outbox,
            BackfillConfig limits,
            GapConfig gaps,
            DomainClock clock) {
        this.pool = pool;
        this.views = views;
        this.planner = planner;
        this.list = list;
        this.bulks = bulks;
        this.loop = loop;
        this.bulkLoop = bulkLoop;
        this.remembered = remembered;
        this.outbox = outbox;
        this.limits = limits;
        this.gaps = new GapPolicy(gaps);
        this.clock = clock;
    }

    /** Who asks. */
    record Asker(String id, String @Nullable [] tenants, @Nullable IdempotencyKey key) {}

    /** Fetches, or the bulk fetch that plans them. */
    record Requested(List<Fetch> fetches, @Nullable BulkFetch bulk) {}

    Uni<Requested> request(FetchWish wish, Asker asker) {
        return planned(asker, tx -> plan(tx, wish, asker));
    }

    /** What a fetch that failed or was cancelled has not read, as a fetch of its own; no bulk fetch has planned that one. */
    Uni<Requested> retry(UUID fetch, Asker asker) {
        return planned(asker, tx -> ended(tx, fetch, asker)
                .chain(ended -> planAgain(tx, ended))
                .map(Outcome::of));
    }

    private Uni<Requested> planned(Asker asker, Function<SqlConnection, Uni<Outcome>> plan) {
        return pool.withTransaction(tx -> remembered
                        .once(tx, asker, () -> plan.apply(tx))
                        .chain(outcome -> requested(tx, outcome, asker)))
                .invoke(outbox::wake)
                .invoke(loop::wake)
                .invoke(bulkLoop::wake);
    }

    private Uni<Requested> requested(SqlConnection tx, Outcome outcome, Asker asker) {
        UUID bulk = outcome.bulk();
        return bulk == null
                ? list.find(tx, outcome.fetches(), asker.tenants()).map(fetches -> new Requested(fetches, null))
                : bulks.find(tx, bulk, asker.tenants()).map(found -> new Requested(List.of(), found.orElse(null)));
    }

    /** Ends a fetch; one that has ended before stays as it is. */
    Uni<Void> cancel(UUID fetch, Asker asker) {
        return pool.withTransaction(
                        tx -> ended(tx, fetch, asker).chain(found -> views.lock(tx, List.of(found.connection()))
                                .chain(locked -> planner.cancelOne(tx, locked.get(0), fetch))))
                .invoke(outbox::wake);
    }

    /** A fetch, as far as its end is concerned. */
    private record Ended(UUID connection, FetchState state, Instant from, Instant to) {}

    private static Uni<Ended> ended(SqlConnection tx, UUID fetch, Asker asker) {
        return tx.preparedQuery(ENDED).execute(Tuple.of(fetch, asker.tenants())).map(rows -> {
            if (rows.rowCount() == 0) {
                throw ProblemException.notFound();
            }
            Row row = rows.iterator().next();
            return new Ended(
                    row.getUUID("connection_id"),
                    FetchState.valueOf(row.getString("state")),
                    row.getOffsetDateTime("part_from").toInstant(),
                    row.getOffsetDateTime("window_to").toInstant());
        });
    }

    private Uni<List<UUID>> planAgain(SqlConnection tx, Ended ended) {
        if (ended.state() != FetchState.FAILED && ended.state() != FetchState.CANCELLED) {
            throw new ProblemException(FetchProblem.FETCH_NOT_ENDED, FetchProblem.FETCH_NOT_ENDED.title());
        }
        return views.lock(tx, List.of(ended.connection()))
                .map(FetchRequests::requireUsable)
                .chain(locked -> locked.stream().anyMatch(ConnectionView::advertises)
                        ? planner.planGaps(tx, locked, FetchReason.MANUAL, clock.instant())
                        : planner.planWindow(tx, locked, left(ended, earliest(locked.get(0))), clock.instant(), null));
    }

    private static Interval left(Ended ended, Instant earliest) {
        Instant from = ended.from().isBefore(earliest) ? earliest : ended.from();
        if (!from.isBefore(ended.to())) {
            throw new ProblemException(FetchProblem.HISTORY_LOST, FetchProblem.HISTORY_LOST.title());
        }
        return new Interval(from, ended.to());
    }

    /** The first instant that Amazon answers for. */
    private Instant earliest(ConnectionView view) {
        return gaps.with(view.history()).earliest(clock.instant());
    }

    private Uni<Outcome> plan(SqlConnection tx, FetchWish wish, Asker asker) {
        return connections(tx, wish, asker)
                .chain(ids -> isLarge(wish, ids)
                        ? bulks.begin(tx, wish, asker.tenants()).map(Outcome::later)
                        : planAll(tx, wish, ids).map(Outcome::of));
    }

    /** What a campaign has renewed counts, whoever of it is known here. */
    private boolean isLarge(FetchWish wish, List<UUID> found) {
        return !wish.named() && Math.max(found.size(), wish.connections().size()) > limits.mostConnections();
    }

    private Uni<List<UUID>> planAll(SqlConnection tx, FetchWish wish, List<UUID> connections) {
        Interval window = wish.window();
        return views.lock(tx, connections)
                .map(locked -> usable(locked, wish))
                .map(locked -> window == null ? locked : withHistory(locked, window, wish))
                .chain(locked -> window == null
                        ? planner.planGaps(tx, locked, FetchReason.MANUAL, clock.instant())
                        : planner.planWindow(tx, locked, window, clock.instant(), null));
    }

    /** Of advertisers there is only the present, and of orders not always more than two years. */
    private List<ConnectionView> withHistory(List<ConnectionView> locked, Interval window, FetchWish wish) {
        if (wish.named() && locked.stream().anyMatch(ConnectionView::advertises)) {
            throw new ProblemException(FetchProblem.SNAPSHOT_OF_TODAY, FetchProblem.SNAPSHOT_OF_TODAY.title());
        }
        List<ConnectionView> sellers =
                locked.stream().filter(view -> !view.advertises()).toList();
        if (sellers.stream().anyMatch(view -> window.from().isBefore(earliest(view)))) {
            throw tooOld();
        }
        return sellers;
    }

    static ProblemException tooOld() {
        return ProblemException.invalidField(
                "from",
                "must be at most two years ago: Amazon answers no older orders, except since 2016 those of Japan, Australia"
                        + " and Singapore");
    }

    private Uni<List<UUID>> connections(SqlConnection tx, FetchWish wish, Asker asker) {
        String tenant = wish.tenant();
        if (tenant != null) {
            return views.usableOf(tx, tenant, null, limits.mostConnections() + 1);
        }
        return views.find(tx, wish.connections(), asker.tenants()).map(found -> {
            boolean all = found.size() == wish.connections().size();
            if (wish.named() ? !all : found.isEmpty() && !wish.connections().isEmpty()) {
                throw ProblemException.notFound();
            }
            return found.stream().map(ConnectionView::id).toList();
        });
    }

    /** A connection that is named must be usable; of a tenant or a campaign, those that are. */
    private static List<ConnectionView> usable(List<ConnectionView> locked, FetchWish wish) {
        if (!wish.named()) {
            return locked.stream().filter(ConnectionView::usable).toList();
        }
        return requireUsable(locked);
    }

    private static List<ConnectionView> requireUsable(List<ConnectionView> locked) {
        for (ConnectionView view : locked) {
            if (!view.usable()) {
                FetchProblem problem = FetchProblem.of(view);
                throw new ProblemException(problem, problem.title() + " (" + view.externalId() + ")");
            }
        }
        return locked;
    }
}
