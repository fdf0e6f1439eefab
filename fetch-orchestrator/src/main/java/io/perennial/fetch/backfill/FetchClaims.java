package io.perennial.fetch.backfill;

import static io.perennial.fetch.backfill.FetchJobs.interval;
import static io.perennial.fetch.backfill.FetchJobs.rows;
import static io.perennial.fetch.backfill.FetchJobs.seconds;
import static java.time.ZoneOffset.UTC;

import io.perennial.contracts.FetchReason;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** What is due, and whose it is. A lease ends by itself when its holder dies; taking one makes all former ones void. */
@ApplicationScoped
class FetchClaims {
    // While an update rolls, a newer process plans what this one can not read: it must neither take nor drop it.
    private static final String KNOWN = " strategy = any($5) and coalesce(part_strategy, strategy) = any($5) ";
    private static final String COLUMNS =
            """
             j.id, j.connection_id, j.tenant_id, j.reason, j.state, j.marketplaces, j.window_from, j.window_to, j.part_from,
             j.part_to, j.page_token, j.answered_to, j.seen_tokens, j.empty_pages, j.restarts, j.attempts, j.failures, j.pages,
             j.orders_new, j.orders_updated, j.orders_unchanged, j.orders_set_aside, j.caused_at, j.started_at, j.lost_from,
             j.lease_epoch, j.strategy, j.strategy_reason, j.part_strategy, j.report_id, j.report_document, j.report_ordered_at, j.report_polls,
             j.report_failures, j.asked,
             coalesce(j.orders_estimated * 86400.0 / extract(epoch from j.window_to - j.window_from), 0)::float8 as orders_per_day
            """;
    // Of a connection with a leased fetch none is due. "offset 0" keeps such questions from being answered for all
    // fetches at
    // once.
    private static final String OF_TENANT =
            """
            from fetch_job j
            where j.priority = t.priority and j.tenant_id collate "C" = t.tenant_id and j.next_attempt_at <= $1
              and j.strategy = any($3) and coalesce(j.part_strategy, j.strategy) = any($3)
              and not exists (select from fetch_job o
                              where o.connection_id = j.connection_id and o.state in ('WAITING', 'RUNNING')
                                and o.lease_until > clock_timestamp() offset 0)
            order by j.next_attempt_at, j.attempts desc
            """;
    private static final String NEXT_TENANT =
            """
            from fetch_job j
            where j.priority = w.priority and j.next_attempt_at is not null and %s
            order by j.tenant_id collate "C", j.next_attempt_at limit 1
            """;
    /**
     * What is due until $1, for $2 free workers, of known strategies ($3), beginning with the tenant after $4.
     *
     * <p>Walks round the tenants, in an index, until enough have something that can be taken, and reads of each as much as
     * could be its share. Where nothing is due, or all of it is being worked on, not even the tenants are looked at.
     */
    static final String DUE = "with recursive walk as (\n"
            + """
              select p.priority, $4::text as tenant_id, 0 as lap, 0 as met, false as due
              from generate_series(0, 2) as p(priority) cross join lateral (
                  select from fetch_job j where j.priority = p.priority and j.next_attempt_at <= $1
                    and (j.lease_until is null or j.lease_until < clock_timestamp())
                  order by j.next_attempt_at limit 1) as something
              union all
              select t.priority, t.tenant_id, t.lap, t.met + coalesce(d.due, 0), d.due is not null
              from walk as w cross join lateral (
              """
            + "(select w.priority, j.tenant_id, w.lap, w.met "
            + NEXT_TENANT.formatted("j.tenant_id collate \"C\" > w.tenant_id")
            + ") union all (select w.priority, j.tenant_id, 1, w.met "
            + NEXT_TENANT.formatted("w.lap = 0")
            + ") limit 1) as t left join lateral (select 1 as due "
            + OF_TENANT
            + """
              limit 1) as d on true
              where w.met < $2 + 15 and (t.lap = 0 or t.tenant_id collate "C" <= $4))
              select f.id, f.connection_id, t.tenant_id, t.priority
              from (select priority, tenant_id, met, 2 * $2 / count(*) over (partition by priority) + 1 as share
                    from walk where due) as t
              cross join lateral (select j.id, j.connection_id, j.next_attempt_at, j.attempts
              """
            + OF_TENANT
            + """
              limit t.share) as f
              order by t.priority, t.met, f.next_attempt_at, f.attempts desc, f.id
              """;

    private static final String CLAIM =
            """
            with due as (
                select id from fetch_job
                where id = any($1) and next_attempt_at <= $2 and (lease_until is null or lease_until < clock_timestamp()) and"""
                    + KNOWN
                    + """
                for update skip locked)
            update fetch_job j
            set lease_owner = $3, lease_epoch = j.lease_epoch + 1,
                lease_until = clock_timestamp() + make_interval(secs => $4)
            from due where j.id = due.id
            returning"""
                    + COLUMNS;
    // Waits for nobody: while it stood behind one page that is being stored, it would hold up all the others. What is
    // locked now is kept the next time, and can not be claimed before it is free.
    private static final String KEEP =
            """
            update fetch_job set lease_until = clock_timestamp() + make_interval(secs => $3)
            where id in (select id from fetch_job where id = any($1) and lease_owner = $2 for update skip locked)
            """;

    private final Pool pool;
    private final String[] known;
    private final UUID owner = UUID.randomUUID();

    @Inject
    FetchClaims(Pool pool) {
        this(pool, EnumSet.allOf(Strategy.class));
    }

    /** @param known strategies that this release has */
    FetchClaims(Pool pool, Set<Strategy> known) {
        this.pool = pool;
        this.known = known.stream().map(Strategy::name).toArray(String[]::new);
    }

    /**
     * Fetches that could be worked on, of as many tenants as there are free workers, and some more, the first ones first.
     *
     * @param after tenant whose turn was last
     */
    Uni<List<DueFetch>> due(Instant now, int room, String after) {
        return pool.preparedQuery(DUE)
                .execute(Tuple.of(now.atOffset(UTC), room, known, after))
                .map(rows -> rows(rows, FetchClaims::dueFetch));
    }

    /** Leases those of the fetches that nobody else has leased meanwhile. */
    Uni<List<FetchJob>> claim(List<DueFetch> wanted, Instant now, Duration lease) {
        UUID[] ids = wanted.stream().map(DueFetch::id).toArray(UUID[]::new);
        return pool.preparedQuery(CLAIM)
                .execute(Tuple.of(ids, now.atOffset(UTC), owner, seconds(lease), known))
                .map(rows -> rows(rows, FetchClaims::job));
    }

    Uni<Void> keep(Collection<UUID> jobs, Duration lease) {
        return pool.preparedQuery(KEEP)
                .execute(Tuple.of(jobs.toArray(UUID[]::new), owner, seconds(lease)))
                .replaceWithVoid();
    }

    private static DueFetch dueFetch(Row row) {
        return new DueFetch(row.getUUID(0), row.getUUID(1), row.getString(2), FetchPriority.at(row.getInteger(3)));
    }

    private static ReportPosition report(Row row) {
        OffsetDateTime orderedAt = row.getOffsetDateTime("report_ordered_at");
        return new ReportPosition(
                row.getString("report_id"),
                row.getString("report_document"),
                orderedAt == null ? null : orderedAt.toInstant(),
                row.getInteger("report_polls"),
                row.getInteger("report_failures"));
    }

    private static FetchJob job(Row row) {
        OffsetDateTime answeredTo = row.getOffsetDateTime("answered_to");
        return new FetchJob(
                row.getUUID("id"),
                row.getUUID("connection_id"),
                row.getString("tenant_id"),
                FetchReason.valueOf(row.getString("reason")),
                FetchState.valueOf(row.getString("state")),
                List.of(row.getArrayOfStrings("marketplaces")),
                interval(row, "window"),
                interval(row, "part"),
                new PagePosition(
                        row.getString("page_token"),
                        answeredTo == null ? null : answeredTo.toInstant(),
                        List.of(row.getArrayOfLongs("seen_tokens")),
                        row.getInteger("empty_pages")),
                new Counts(
                        row.getInteger("pages"),
                        row.getInteger("orders_new"),
                        row.getInteger("orders_updated"),
                        row.getInteger("orders_unchanged"),
                        row.getInteger("orders_set_aside")),
                row.getInteger("restarts"),
                row.getInteger("attempts"),
                row.getInteger("failures"),
                row.getDouble("orders_per_day"),
                row.getOffsetDateTime("caused_at").toInstant(),
                row.getOffsetDateTime("started_at") != null,
                row.getOffsetDateTime("lost_from") != null,
                row.getLong("lease_epoch"),
                Strategy.valueOf(row.getString("strategy")),
                row.getString("strategy_reason"),
                row.getString("part_strategy") == null ? null : Strategy.valueOf(row.getString("part_strategy")),
                report(row),
                List.of(row.getArrayOfStrings("asked")));
    }
}
