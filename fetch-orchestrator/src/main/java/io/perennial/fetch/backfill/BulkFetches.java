package io.perennial.fetch.backfill;

import static java.time.ZoneOffset.UTC;

import io.perennial.clock.DomainClock;
import io.perennial.clock.TimeOrderedIds;
import io.perennial.fetch.access.RenewedConnections;
import io.perennial.fetch.batch.BatchProgress;
import io.perennial.fetch.connectionview.ConnectionView;
import io.perennial.fetch.connectionview.ConnectionViews;
import io.perennial.fetch.watermark.GapConfig;
import io.perennial.fetch.watermark.GapPolicy;
import io.perennial.fetch.watermark.Interval;
import io.perennial.outbox.Outbox;
import io.perennial.problem.ProblemException;
import io.perennial.problem.StandardProblem;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Plans the fetches of a request that is too large for one transaction.
 *
 * <ul>
 *   <li>A portion is read without a transaction (of a campaign from auth-service), then planned in a short one that also moves the
 *       position on. Killed anywhere, it goes on with the same portion.
 *   <li>A portion is written only where its position still stands, by one process at a time: nobody is planned twice.
 *   <li>Requests take turns by portions; one that something is in the way of lets the others go ahead.
 * </ul>
 */
@ApplicationScoped
class BulkFetches {
    private static final Logger LOG = Logger.getLogger(BulkFetches.class);
    private static final String INSERT =
            """
            insert into bulk_fetch (id, tenants, tenant_id, campaign_id, window_from, window_to, state, connections_estimated,
                                    requested_at, due_at)
            values ($1, $2, $3, $4, $5, $6, 'PLANNING', $7, $8, $8)
            """;
    private static final String SELECT =
            """
            select id, tenant_id, campaign_id, window_from, window_to, state, connections_estimated, connections, fetches,
                   code, message, requested_at, completed_at
            from bulk_fetch where ($1::text[] is null or tenants <@ $1)
            """;
    private static final String FIND = SELECT + " and id = $2";
    private static final String LIST = SELECT
            + """
                      and ($2::text is null or tenant_id = $2)
                      and ($3::text is null or state = $3)
                      and ($4::uuid is null or id < $4)
                    order by id desc limit $5
                    """;
    private static final String NEXT =
            """
            select id, tenants, tenant_id, campaign_id, window_from, window_to, requested_at, position
            from bulk_fetch where completed_at is null and due_at <= $1 order by due_at limit 1
            """;
    private static final String STANDS = " where id = $1 and position = $2 and completed_at is null";
    private static final String CLAIM = "select 1 from bulk_fetch" + STANDS + " for update skip locked";
    private static final String ADVANCE =
            """
            update bulk_fetch
            set position = coalesce($3, position), connections = connections + $4, fetches = fetches + $5, due_at = $6,
                code = null, message = null,
                state = case when $3::text is null then 'PLANNED' else state end,
                completed_at = case when $3::text is null then $6::timestamptz end
            """
                    + STANDS;
    private static final String POSTPONE = "update bulk_fetch set due_at = $3, code = $4, message = $5" + STANDS;
    private static final String FAIL =
            "update bulk_fetch set state = 'FAILED', completed_at = $3, code = $4, message = $5" + STANDS;
    private static final String CANCEL =
            """
            update bulk_fetch set state = 'CANCELLED', completed_at = $3, code = $4, message = $5
            where id = $1 and ($2::text[] is null or tenants <@ $2) and completed_at is null
            """;

    /** Portions that may wait to be published: renewals and pages stand behind no more than these. */
    private static final int MOST_WAITING = 5;

    private final Pool pool;
    private final ConnectionViews views;
    private final RenewedConnections campaigns;
    private final FetchPlanner planner;
    private final Outbox outbox;
    private final BackfillConfig limits;
    private final GapPolicy gaps;
    private final DomainClock clock;
    private final TimeOrderedIds ids;

    BulkFetches(
            Pool pool,
            ConnectionViews views,
            RenewedConnections campaigns,
            FetchPlanner planner,
            Outbox outbox,
            BackfillConfig limits,
            GapConfig gaps,
            DomainClock clock,
            TimeOrderedIds ids) {
        this.pool = pool;
        this.views = views;
        this.campaigns = campaigns;
        this.planner = planner;
        this.outbox = outbox;
        this.limits = limits;
        this.gaps = new GapPolicy(gaps);
        this.clock = clock;
        this.ids = ids;
    }

    /** One that has not come to its end, as whoever goes on with it has read it. */
    private record Open(
            UUID id,
            String @Nullable [] tenants,
            @Nullable String tenant,
            @Nullable UUID campaign,
            @Nullable Interval window,
            Instant requestedAt,
            String position) {}

    /** @param next the position behind it; null if it is the last one */
    private record Portion(List<UUID> connections, @Nullable String next) {}

    /**
     * Notes the wish for a tenant or a campaign; its fetches are planned later.
     *
     * @param tenants that who asks may see; null for all
     */
    Uni<UUID> begin(SqlConnection tx, FetchWish wish, String @Nullable [] tenants) {
        Instant now = clock.instant();
        requireReadable(wish.window(), now);
        String tenant = wish.tenant();
        return tenant == null
                ? insert(tx, wish, tenants, null, now)
                : views.countUsableOf(tx, tenant)
                        .chain(estimated -> insert(tx, wish, new String[] {tenant}, estimated, now));
    }

    /** Where Amazon keeps more than two years is known of single connections alone. */
    private void requireReadable(@Nullable Interval window, Instant now) {
        if (window != null && window.from().isBefore(gaps.earliest(now))) {
            throw ProblemException.invalidField(
                    "from", "must be at most two years ago for so many connections at once");
        }
    }

    private Uni<UUID> insert(
            SqlConnection tx, FetchWish wish, String @Nullable [] tenants, @Nullable Long estimated, Instant now) {
        UUID id = ids.next();
        Interval window = wish.window();
        Tuple values = Tuple.tuple()
                .addUUID(id)
                .addValue(tenants)
                .addString(wish.tenant())
                .addUUID(wish.campaign())
                .addValue(window == null ? null : window.from().atOffset(UTC))
                .addValue(window == null ? null : window.to().atOffset(UTC))
                .addLong(estimated)
                .addValue(now.atOffset(UTC));
        return tx.preparedQuery(INSERT).execute(values).replaceWith(id);
    }

    /** Empty where it asks for tenants that are not to be seen. */
    Uni<Optional<BulkFetch>> find(UUID id, String @Nullable [] tenants) {
        return find(pool, id, tenants);
    }

    Uni<Optional<BulkFetch>> find(SqlClient client, UUID id, String @Nullable [] tenants) {
        return client.preparedQuery(FIND)
                .execute(Tuple.of(tenants, id))
                .map(rows -> FetchJobs.rows(rows, BulkFetches::seen).stream().findFirst());
    }

    /** Which of them are asked for. */
    record Filter(
            String @Nullable [] tenants,
            @Nullable String tenant,
            BulkFetch.@Nullable State state,
            @Nullable UUID before,
            int limit) {}

    /** Newest first; one more than the limit, if there are more. */
    Uni<List<BulkFetch>> find(Filter filter) {
        BulkFetch.State state = filter.state();
        Tuple values = Tuple.of(
                filter.tenants(),
                filter.tenant(),
                state == null ? null : state.name(),
                filter.before(),
                filter.limit() + 1);
        return pool.preparedQuery(LIST).execute(values).map(rows -> FetchJobs.rows(rows, BulkFetches::seen));
    }

    /** No more are planned; one that has come to its end, or is not to be seen, stays as it is. */
    Uni<Void> cancel(UUID id, String @Nullable [] tenants) {
        Trouble why = Trouble.CANCELLED_BY_REQUEST;
        Tuple values = Tuple.of(id, tenants, clock.instant().atOffset(UTC), why.name(), why.message());
        return pool.preparedQuery(CANCEL).execute(values).replaceWithVoid();
    }

    private static BulkFetch seen(Row row) {
        Interval window = window(row);
        OffsetDateTime completedAt = row.getOffsetDateTime("completed_at");
        return new BulkFetch(
                row.getUUID("id"),
                row.getString("tenant_id"),
                row.getUUID("campaign_id"),
                window == null ? null : window.from(),
                window == null ? null : window.to(),
                BulkFetch.State.valueOf(row.getString("state")),
                row.getLong("connections_estimated"),
                row.getLong("connections"),
                row.getLong("fetches"),
                row.getString("code"),
                row.getString("message"),
                row.getOffsetDateTime("requested_at").toInstant(),
                completedAt == null ? null : completedAt.toInstant());
    }

    private static @Nullable Interval window(Row row) {
        return row.getOffsetDateTime("window_from") == null ? null : FetchJobs.interval(row, "window");
    }

    /** One portion, of the request whose last one is longest ago. */
    Uni<BatchProgress> next() {
        return open().chain(open -> open.isEmpty()
                ? Uni.createFrom().item(BatchProgress.NOTHING_OPEN)
                : tooMuchWaits()
                        .chain(waits -> waits ? Uni.createFrom().item(BatchProgress.HELD_BACK) : goOn(open.get())));
    }

    private Uni<Optional<Open>> open() {
        return pool.preparedQuery(NEXT)
                .execute(Tuple.of(clock.instant().atOffset(UTC)))
                .map(rows -> FetchJobs.rows(rows, BulkFetches::open).stream().findFirst());
    }

    private static Open open(Row row) {
        return new Open(
                row.getUUID("id"),
                row.getArrayOfStrings("tenants"),
                row.getString("tenant_id"),
                row.getUUID("campaign_id"),
                window(row),
                row.getOffsetDateTime("requested_at").toInstant(),
                row.getString("position"));
    }

    private Uni<Boolean> tooMuchWaits() {
        int most = MOST_WAITING * limits.portion();
        return pool.withConnection(connection -> outbox.waiting(connection, most))
                .map(waiting -> waiting >= most);
    }

    private Uni<BatchProgress> goOn(Open open) {
        return portion(open)
                .chain(portion -> pool.withTransaction(tx -> claim(tx, open)
                        .chain(mine -> mine
                                ? plan(tx, open, portion)
                                : Uni.createFrom().item(BatchProgress.HELD_BACK))))
                .onFailure()
                .recoverWithUni(failure -> inTheWay(open, failure));
    }

    private Uni<Portion> portion(Open open) {
        String tenant = open.tenant();
        UUID campaign = open.campaign();
        String behind = open.position().isEmpty() ? null : open.position();
        if (campaign != null) {
            return campaigns.page(campaign, behind).map(page -> new Portion(page.connections(), page.next()));
        }
        if (tenant == null) {
            throw new IllegalStateException("Neither tenant nor campaign in " + open.id());
        }
        int most = limits.portion();
        return views.usableOf(pool, tenant, behind == null ? null : UUID.fromString(behind), most)
                .map(found -> new Portion(
                        found, found.size() < most ? null : found.get(most - 1).toString()));
    }

    private static Uni<Boolean> claim(SqlConnection tx, Open open) {
        return tx.preparedQuery(CLAIM)
                .execute(Tuple.of(open.id(), open.position()))
                .map(rows -> rows.rowCount() == 1);
    }

    private Uni<BatchProgress> plan(SqlConnection tx, Open open, Portion portion) {
        Instant now = clock.instant();
        return views.find(tx, portion.connections(), open.tenants())
                .chain(found ->
                        views.lock(tx, found.stream().map(ConnectionView::id).toList()))
                .chain(locked -> plan(tx, open, locked, now)
                        .chain(fetches -> advance(tx, open, portion.next(), locked.size(), fetches.size(), now)))
                .replaceWith(BatchProgress.BATCH);
    }

    private Uni<List<UUID>> plan(SqlConnection tx, Open open, List<ConnectionView> locked, Instant now) {
        List<ConnectionView> usable =
                locked.stream().filter(ConnectionView::usable).toList();
        Interval asked = open.window();
        if (asked == null) {
            return planner.planGaps(tx, usable, open.id(), open.requestedAt());
        }
        // Amazon may answer for less by now than when it was asked for.
        Instant earliest = gaps.earliest(now);
        Instant from = asked.from().isBefore(earliest) ? earliest : asked.from();
        if (!from.isBefore(asked.to())) {
            return Uni.createFrom().item(List.of());
        }
        List<ConnectionView> sellers =
                usable.stream().filter(view -> !view.advertises()).toList();
        return planner.planWindow(tx, sellers, new Interval(from, asked.to()), open.requestedAt(), open.id());
    }

    private static Uni<Void> advance(
            SqlConnection tx, Open open, @Nullable String position, int connections, int fetches, Instant now) {
        Tuple values = Tuple.tuple()
                .addUUID(open.id())
                .addString(open.position())
                .addString(position)
                .addLong((long) connections)
                .addLong((long) fetches)
                .addValue(now.atOffset(UTC));
        return tx.preparedQuery(ADVANCE).execute(values).replaceWithVoid();
    }

    /** It waits, and the others go on; a campaign that nobody knows has no next portion. */
    private Uni<BatchProgress> inTheWay(Open open, Throwable failure) {
        boolean unknown = failure instanceof ProblemException problem && problem.type() == StandardProblem.NOT_FOUND;
        if (unknown) {
            return note(FAIL, open, clock.instant(), Trouble.CAMPAIGN_UNKNOWN);
        }
        LOG.warnf("A portion of the bulk fetch %s was not planned: %s", open.id(), failure.toString());
        Trouble trouble = failure instanceof ProblemException ? Trouble.AUTH_SERVICE_UNAVAILABLE : Trouble.INTERNAL;
        return note(POSTPONE, open, clock.instant().plus(limits.longestDoubt()), trouble);
    }

    private Uni<BatchProgress> note(String sql, Open open, Instant at, Trouble trouble) {
        Tuple values = Tuple.of(open.id(), open.position(), at.atOffset(UTC), trouble.name(), trouble.message());
        return pool.preparedQuery(sql).execute(values).replaceWith(BatchProgress.BATCH);
    }
}
