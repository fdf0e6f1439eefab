package io.perennial.fetch.backfill;

import io.perennial.clock.DomainClock;
import io.perennial.contracts.FetchReason;
import io.perennial.fetch.orders.OrdersConfig;
import io.perennial.fetch.report.ReportsConfig;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads fetches for callers, of the tenants they may see, newest first. */
@ApplicationScoped
class FetchList {
    private static final String SELECT =
            """
            select j.id, j.connection_id, j.tenant_id, v.external_id, j.reason, j.state, j.window_from, j.window_to,
                   j.pages, j.orders_new, j.orders_updated, j.orders_unchanged, j.orders_set_aside, j.code, j.message,
                   j.requested_at, j.started_at, j.completed_at, j.next_attempt_at, j.lost_from, j.orders_estimated,
                   j.subscription_state, j.subscription_reason, j.subscription_checked_at,
                   j.strategy, j.strategy_reason, j.search_seconds, j.report_seconds,
                   j.report_ordered_at,
                   q.full_at, quota_room(q.burst, q.share) as room,
                   extract(epoch from quota_each(q.spacing, q.share))::float8 as each
            from fetch_job j
            join connection_view v on v.connection_id = j.connection_id
            left join quota_bucket q on j.next_attempt_at is not null
                and (q.app_id, q.account_id, q.region, q.operation) = (j.app_id, v.account_id, v.region, 'searchOrders')
            where ($1::text[] is null or j.tenant_id = any($1))
            """;
    private static final String FILTERED = SELECT
            + """
                      and ($2::uuid is null or j.connection_id = $2)
                      and ($3::text is null or j.tenant_id = $3)
                      and ($4::text is null or j.state = $4)
                    """;
    private static final String FIND = FILTERED + " and ($5::uuid is null or j.id < $5) order by j.id desc limit $6";

    /**
     * The fetches of a bulk fetch lie together, which PostgreSQL does not know: with an equals sign and the order of ids alone it may
     * look for the last of them in all that is older.
     */
    static final String FIND_OF_BULK = FILTERED
            + """
                      and j.bulk_id between $7 and $7 and ($5::uuid is null or (j.bulk_id, j.id) < ($7, $5))
                    order by j.bulk_id desc, j.id desc limit $6
                    """;

    private static final String BY_ID = SELECT + " and j.id = any($2) order by j.id";

    /**
     * Which fetches are asked for.
     *
     * @param bulk that planned them: what was under way when its turn came is not among them, nor what was fetched again later
     */
    record Filter(
            String @Nullable [] tenants,
            @Nullable UUID connection,
            @Nullable String tenant,
            @Nullable FetchState state,
            @Nullable UUID bulk,
            @Nullable UUID before,
            int limit) {}

    private final Pool pool;
    private final OrdersConfig asking;
    private final ReportsConfig reports;
    private final DomainClock clock;

    FetchList(Pool pool, OrdersConfig asking, ReportsConfig reports, DomainClock clock) {
        this.pool = pool;
        this.asking = asking;
        this.reports = reports;
        this.clock = clock;
    }

    /** One more than the limit, if there are more. */
    Uni<List<Fetch>> find(Filter filter) {
        FetchState state = filter.state();
        Tuple values = Tuple.tuple()
                .addValue(filter.tenants())
                .addUUID(filter.connection())
                .addString(filter.tenant())
                .addString(state == null ? null : state.name())
                .addUUID(filter.before())
                .addInteger(filter.limit() + 1);
        UUID bulk = filter.bulk();
        return (bulk == null
                        ? pool.preparedQuery(FIND).execute(values)
                        : pool.preparedQuery(FIND_OF_BULK).execute(values.addUUID(bulk)))
                .map(this::fetches);
    }

    Uni<Optional<Fetch>> find(UUID id, String @Nullable [] tenants) {
        return find(pool, List.of(id), tenants).map(found -> found.stream().findFirst());
    }

    Uni<List<Fetch>> find(SqlClient client, List<UUID> ids, String @Nullable [] tenants) {
        return client.preparedQuery(BY_ID)
                .execute(Tuple.of(tenants, ids.toArray(UUID[]::new)))
                .map(this::fetches);
    }

    private List<Fetch> fetches(RowSet<Row> rows) {
        List<Fetch> fetches = new ArrayList<>();
        rows.forEach(row -> fetches.add(fetch(row)));
        return fetches;
    }

    private Fetch fetch(Row row) {
        Integer estimated = pagesEstimated(row);
        return new Fetch(
                row.getUUID("id"),
                row.getUUID("connection_id"),
                row.getString("tenant_id"),
                row.getString("external_id"),
                FetchReason.valueOf(row.getString("reason")),
                FetchState.valueOf(row.getString("state")),
                row.getOffsetDateTime("window_from").toInstant(),
                row.getOffsetDateTime("window_to").toInstant(),
                instant(row.getOffsetDateTime("lost_from")),
                row.getInteger("pages"),
                estimated,
                row.getInteger("orders_new"),
                row.getInteger("orders_updated"),
                row.getInteger("orders_unchanged"),
                row.getInteger("orders_set_aside"),
                row.getString("code"),
                row.getString("message"),
                row.getString("subscription_state") == null ? null : Fetch.Subscription.of(SubscriptionChecks.of(row)),
                row.getOffsetDateTime("requested_at").toInstant(),
                instant(row.getOffsetDateTime("started_at")),
                instant(row.getOffsetDateTime("completed_at")),
                instant(row.getOffsetDateTime("next_attempt_at")),
                estimated == null ? null : finish(row, estimated - row.getInteger("pages")),
                Strategy.valueOf(row.getString("strategy")),
                row.getString("strategy_reason"),
                StrategyWords.of(
                        row.getString("strategy_reason"),
                        row.getInteger("search_seconds"),
                        row.getInteger("report_seconds")));
    }

    /** At least one more than there are, as long as the last one was not read. */
    private @Nullable Integer pagesEstimated(Row row) {
        Integer orders = row.getInteger("orders_estimated");
        if (orders == null || row.getOffsetDateTime("completed_at") != null) {
            return null;
        }
        int pages = byReport(row) ? reports(row, orders) : (orders + asking.pageSize() - 1) / asking.pageSize();
        return Math.max(row.getInteger("pages") + 1, pages);
    }

    private static boolean byReport(Row row) {
        return row.getString("strategy").equals(Strategy.REPORT.name());
    }

    private int reports(Row row, int orders) {
        Duration window = Duration.between(row.getOffsetDateTime("window_from"), row.getOffsetDateTime("window_to"));
        double forTime = (double) window.toMillis() / reports.longestWindow().toMillis();
        double forOrders = (double) orders / reports.mostOrders();
        return (int) Math.ceil(Math.max(forTime, forOrders));
    }

    private @Nullable Instant finish(Row row, int left) {
        return byReport(row) ? expectedFinish(row, left) : earliestFinish(row, left);
    }

    private Instant expectedFinish(Row row, int reportsLeft) {
        Instant now = clock.instant();
        OffsetDateTime orderedAt = row.getOffsetDateTime("report_ordered_at");
        Instant begin = orderedAt == null ? now : orderedAt.toInstant();
        Instant finish = begin.plus(reports.expectedProcessing().multipliedBy(reportsLeft));
        return finish.isBefore(now) ? now : finish;
    }

    private @Nullable Instant earliestFinish(Row row, int pagesLeft) {
        OffsetDateTime fullAt = row.getOffsetDateTime("full_at");
        if (fullAt == null) {
            return null;
        }
        double seconds = (pagesLeft - row.getDouble("room")) * row.getDouble("each");
        Instant finish = fullAt.toInstant().plusMillis((long) (seconds * 1000));
        Instant now = clock.instant();
        return finish.isBefore(now) ? now : finish;
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
