package io.perennial.fetch.backfill;

import static java.time.ZoneOffset.UTC;

import io.perennial.contracts.FetchReason;
import io.perennial.fetch.connectionview.ConnectionView;
import io.perennial.fetch.quota.Operation;
import io.perennial.fetch.watermark.Interval;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rows of jobs under a lease. Each write names the lease's epoch and does nothing when somebody else holds the job by
 * now, or when it was parked or cancelled meanwhile.
 */
@ApplicationScoped
class FetchJobs {
    private static final String HELD = " where id = $1 and lease_epoch = $2 and state in ('WAITING', 'RUNNING') ";
    private static final String LOCK = "select 1 from fetch_job" + HELD + "for update";
    private static final String BEGIN =
            """
            update fetch_job
            set state = 'RUNNING', started_at = coalesce(started_at, $3), app_id = $4, code = null, message = null,
                asked = case when $5 = any(asked) then asked else asked || $5::text end
            """
                    + HELD;
    private static final String ADVANCE =
            """
            update fetch_job
            set page_token = $3, answered_to = $4, seen_tokens = $5, empty_pages = $6, pages = $7, orders_new = $8,
                orders_updated = $9, orders_unchanged = $10, orders_set_aside = $11, attempts = 0,
                failures = 0
            """
                    + HELD;
    private static final String RELEASE =
            """
            update fetch_job
            set state = coalesce($3, state), next_attempt_at = $4, attempts = $5, failures = $6, code = $7, message = $8,
                lease_until = null, lease_owner = null
            """
                    + HELD;
    private static final String HOLD =
            """
            update fetch_job o
            set next_attempt_at = $2, code = coalesce($3, o.code), message = coalesce($4, o.message)
            where o.id in (
                select id from fetch_job
                where connection_id = $1 and id <> $5 and state in ('WAITING', 'RUNNING') and next_attempt_at < $2
                  and (lease_until is null or lease_until < clock_timestamp())
                  and ($6::text is null or coalesce(part_strategy, strategy) = $6)
                for update skip locked)
            """;
    private static final String NO_REPORT =
            "report_id = null, report_document = null, report_ordered_at = null, report_polls = 0 ";
    private static final String REPORT_AT =
            """
            update fetch_job
            set report_id = $3, report_document = $4, report_ordered_at = $5, report_polls = $6, answered_to = $7,
                next_attempt_at = $8, code = $9, message = $10, attempts = $11, failures = $12, lease_until = null,
                lease_owner = null
            """
                    + HELD;
    private static final String ORDERING = "update fetch_job set report_ordered_at = $3" + HELD;
    private static final String ORDER_AGAIN =
            """
            update fetch_job
            set part_to = $3, report_failures = report_failures + 1, next_attempt_at = $4, code = $5, message = $6,
                page_token = null, answered_to = null, lease_until = null, lease_owner = null, """
                    + NO_REPORT + HELD;
    private static final String SEARCH_INSTEAD =
            """
            update fetch_job
            set strategy = $3, part_strategy = $4, strategy_reason = coalesce($5, strategy_reason), next_attempt_at = $6,
                part_to = $7, code = null, message = null, attempts = 0, failures = 0, page_token = null, answered_to = null,
                lease_until = null, lease_owner = null, """
                    + NO_REPORT + HELD;
    private static final String REWIND =
            """
            update fetch_job
            set page_token = null, answered_to = null, seen_tokens = '{}', empty_pages = 0, restarts = restarts + 1,
                part_to = $4, next_attempt_at = $3, lease_until = null, lease_owner = null
            """
                    + HELD;
    private static final String NARROW =
            """
            update fetch_job
            set part_to = $3, page_token = null, answered_to = null, seen_tokens = '{}', empty_pages = 0, restarts = 0
            """
                    + HELD + "and orders_estimated is null";
    private static final String NEXT_PART =
            """
            update fetch_job
            set part_from = $3, part_to = $4, page_token = null, answered_to = null, seen_tokens = '{}', empty_pages = 0,
                restarts = 0, part_strategy = null, report_failures = 0, """
                    + NO_REPORT
                    + HELD;
    private static final String FORGO =
            """
            update fetch_job
            set lost_from = coalesce(lost_from, part_from),
                window_from = case when part_from = window_from then $3 else window_from end, part_from = $3, part_to = $4,
                next_attempt_at = $5, lease_until = null, lease_owner = null
            """
                    + HELD;
    private static final String SHORTEN =
            "update fetch_job set window_to = least(window_to, $3), part_to = least(part_to, $3)" + HELD
                    + "and page_token is null and part_from < $3";
    private static final String FINISH =
            """
            with outdated as (
                update fetch_job o set superseded = true
                from fetch_job j
                where j.id = $1 and j.lease_epoch = $2 and j.state in ('WAITING', 'RUNNING') and $3 in ('FAILED', 'COMPLETED')
                  and o.tenant_id = j.tenant_id and o.connection_id = j.connection_id and o.id <> j.id
                  and o.state = 'FAILED' and not o.superseded
                  and o.window_from >= j.window_from and o.window_to <= j.window_to)
            update fetch_job
            set state = $3, completed_at = $4, code = $5, message = $6, page_token = null, seen_tokens = '{}',
                next_attempt_at = null, lease_until = null, lease_owner = null
            """
                    + HELD;
    private static final String OPEN_WINDOWS =
            """
            select id, connection_id, reason, window_from, window_to, marketplaces from fetch_job
            where connection_id = any($1) and state in ('WAITING', 'RUNNING', 'PARKED')
            order by connection_id, window_to
            """;
    private static final String INSERT =
            """
            insert into fetch_job (id, connection_id, tenant_id, reason, state, marketplaces, window_from, window_to,
                                   part_from, part_to, orders_estimated, lost_from, caused_at, requested_at,
                                   next_attempt_at, priority, strategy,
                                   strategy_reason, search_seconds, report_seconds, bulk_id)
            select p.id, v.connection_id, v.tenant_id, $1, 'WAITING',
                   case when cardinality(v.marketplaces) = 0 then array['*'] else v.marketplaces end,
                   p.window_from, p.window_to, p.window_from, p.part_to, p.orders, p.lost_from, $2, $3, $4, $5, p.strategy,
                   p.strategy_reason, p.search_seconds, p.report_seconds, $17
            from unnest($6::uuid[], $7::uuid[], $8::timestamptz[], $9::timestamptz[], $10::timestamptz[], $11::int[],
                        $12::timestamptz[], $13::text[], $14::text[], $15::int[], $16::int[])
                 as p(id, connection_id, window_from, window_to, part_to, orders, lost_from, strategy, strategy_reason,
                      search_seconds, report_seconds)
            join connection_view v on v.connection_id = p.connection_id
            """;
    private static final String NEXT_FIRST_LOAD =
            """
            update first_load_queue set next_at = greatest(next_at, $1) + make_interval(secs => $2)
            returning next_at - make_interval(secs => $2)
            """;
    private static final String PARK =
            """
            update fetch_job
            set state = 'PARKED', code = $2, message = $3, next_attempt_at = null, lease_until = null, lease_owner = null,
                lease_epoch = lease_epoch + 1
            where connection_id = $1 and state in ('WAITING', 'RUNNING')
            returning id, reason
            """;
    private static final String RESUME =
            """
            update fetch_job
            set state = 'WAITING', next_attempt_at = $2, attempts = 0, failures = 0, restarts = 0, code = null,
                message = null
            where connection_id = $1 and (state = 'PARKED' or (state = 'WAITING' and lease_until is null))
            """;
    private static final String CANCEL =
            """
            update fetch_job
            set state = 'CANCELLED', code = $2, message = $3, completed_at = $4, next_attempt_at = null,
                page_token = null, lease_until = null, lease_owner = null, lease_epoch = lease_epoch + 1
            where connection_id = $1 and state in ('WAITING', 'RUNNING', 'PARKED')
              and (not $5 or (pages = 0 and state <> 'RUNNING'
                              and (reason in ('DAILY', 'RENEWAL_GAP') or reason = 'FIRST_LOAD' and priority = 2)))
            returning id, reason
            """;

    private static final String CANCEL_ONE =
            """
            update fetch_job
            set state = 'CANCELLED', code = $2, message = $3, completed_at = $4, next_attempt_at = null,
                page_token = null, lease_until = null, lease_owner = null, lease_epoch = lease_epoch + 1
            where id = $1 and state in ('WAITING', 'RUNNING', 'PARKED')
            returning id, reason
            """;

    private final Pool pool;

    FetchJobs(Pool pool) {
        this.pool = pool;
    }

    /** A window that somebody is reading, or will be. */
    record OpenFetch(UUID id, UUID connectionId, FetchReason reason, Interval window, List<String> marketplaces) {
        boolean reads(String marketplace) {
            return marketplaces.contains(marketplace) || marketplaces.contains(ConnectionView.EVERY_MARKETPLACE);
        }
    }

    /** A job that changed by what happened to its connection. */
    record Affected(UUID id, FetchReason reason) {}

    /** Whether the job is still the caller's; locks it. The connection's row must be locked before. */
    Uni<Boolean> lock(SqlConnection tx, FetchJob job) {
        return written(tx, LOCK, held(job));
    }

    Uni<Boolean> begin(SqlConnection tx, FetchJob job, String appId, Operation operation, Instant now) {
        Tuple values = held(job).addValue(now.atOffset(UTC)).addString(appId).addString(operation.name());
        return written(tx, BEGIN, values);
    }

    Uni<Boolean> advance(SqlConnection tx, FetchJob job) {
        PagePosition position = job.position();
        Counts counts = job.counts();
        Tuple values = held(job)
                .addString(position.pageToken())
                .addValue(offset(position.answeredTo()))
                .addValue(position.seen().toArray(Long[]::new))
                .addInteger(position.emptyPages())
                .addInteger(counts.pages())
                .addInteger(counts.ordersNew())
                .addInteger(counts.ordersUpdated())
                .addInteger(counts.ordersUnchanged())
                .addInteger(counts.ordersSetAside());
        return written(tx, ADVANCE, values);
    }

    /** Gives the job back until {@code next}; without a trouble its state stays as it is. */
    Uni<Boolean> release(SqlClient client, FetchJob job, Instant next, int attempts, @Nullable Trouble trouble) {
        boolean waits = trouble != null && !trouble.isPause();
        Tuple values = held(job)
                .addString(waits ? FetchState.WAITING.name() : null)
                .addValue(next.atOffset(UTC))
                .addInteger(attempts)
                .addInteger(job.failures())
                .addString(trouble == null ? null : trouble.name())
                .addString(trouble == null ? null : trouble.message());
        return written(client, RELEASE, values);
    }

    Uni<Boolean> release(FetchJob job, Instant next, int attempts, @Nullable Trouble trouble) {
        return release(pool, job, next, attempts, trouble);
    }

    /**
     * As {@link #release}, and all other fetches of the connection wait as long: what is in the way is in the way of them
     * all, and one of them is enough to find out when it is not any more. A quota is in the way of those that read alike.
     */
    Uni<Boolean> releaseAll(FetchJob job, Instant next, int attempts, @Nullable Trouble trouble) {
        Tuple others = Tuple.of(
                job.connectionId(),
                next.atOffset(UTC),
                trouble == null ? null : trouble.name(),
                trouble == null ? null : trouble.message(),
                job.id(),
                trouble == null || trouble == Trouble.THROTTLED ? job.reading().name() : null);
        return release(job, next, attempts, trouble)
                .call(mine -> mine
                        ? pool.preparedQuery(HOLD).execute(others).replaceWithVoid()
                        : Uni.createFrom().voidItem());
    }

    /** Begins the part again, perhaps a shorter one. */
    Uni<Boolean> rewind(SqlClient client, FetchJob job, Interval part, Instant now) {
        return written(
                client,
                REWIND,
                held(job).addValue(now.atOffset(UTC)).addValue(part.to().atOffset(UTC)));
    }

    /** Notes where a report stands, and waits until {@code next}. */
    Uni<Boolean> at(
            FetchJob job,
            ReportPosition report,
            @Nullable Instant answeredTo,
            Instant next,
            @Nullable Trouble waiting) {
        Tuple values = held(job)
                .addString(report.reportId())
                .addString(report.documentId())
                .addValue(offset(report.orderedAt()))
                .addInteger(report.polls())
                .addValue(offset(answeredTo))
                .addValue(next.atOffset(UTC))
                .addString(waiting == null ? null : waiting.name())
                .addString(waiting == null ? null : waiting.message())
                .addInteger(job.attempts())
                .addInteger(job.failures());
        return written(pool, REPORT_AT, values);
    }

    /** Notes that a report is going to be ordered. */
    Uni<Boolean> ordering(FetchJob job, ReportPosition report) {
        return written(pool, ORDERING, held(job).addValue(offset(report.orderedAt())));
    }

    /** Forgets a report that came to nothing; another one of the part, perhaps a shorter one, is ordered at {@code next}. */
    Uni<Boolean> orderAgain(FetchJob job, Interval part, Instant next, Trouble trouble) {
        Tuple values = held(job)
                .addValue(part.to().atOffset(UTC))
                .addValue(next.atOffset(UTC))
                .addString(trouble.name())
                .addString(trouble.message());
        return written(pool, ORDER_AGAIN, values);
    }

    /** Reads this part page by page. */
    Uni<Boolean> searchPart(SqlConnection tx, FetchJob job, Instant now) {
        return searchInstead(tx, job, job.strategy(), Strategy.SEARCH, null, job.part(), now);
    }

    /**
     * Reads all that is left page by page.
     *
     * @param part that is read first
     */
    Uni<Boolean> searchFromHere(SqlConnection tx, FetchJob job, Interval part, Trouble trouble, Instant now) {
        return searchInstead(tx, job, Strategy.SEARCH, null, trouble, part, now);
    }

    private static Uni<Boolean> searchInstead(
            SqlConnection tx,
            FetchJob job,
            Strategy strategy,
            @Nullable Strategy ofPart,
            @Nullable Trouble trouble,
            Interval part,
            Instant now) {
        Tuple values = held(job)
                .addString(strategy.name())
                .addString(ofPart == null ? null : ofPart.name())
                .addString(trouble == null ? null : trouble.name())
                .addValue(now.atOffset(UTC))
                .addValue(part.to().atOffset(UTC));
        return written(tx, SEARCH_INSTEAD, values);
    }

    /** Begins the part again as a shorter one, if nothing was known of how many orders it has; otherwise it is false. */
    Uni<Boolean> narrow(SqlClient client, FetchJob job, Interval part) {
        return written(client, NARROW, held(job).addValue(part.to().atOffset(UTC)));
    }

    /** Begins the next part. */
    Uni<Boolean> beginPart(SqlClient client, FetchJob job, Interval part) {
        return written(
                client,
                NEXT_PART,
                held(job).addValue(part.from().atOffset(UTC)).addValue(part.to().atOffset(UTC)));
    }

    /** Goes on with a later part: what lies before it can not be read any more. */
    Uni<Boolean> forgo(SqlConnection tx, FetchJob job, Interval part, Instant now) {
        return written(
                tx,
                FORGO,
                held(job)
                        .addValue(part.from().atOffset(UTC))
                        .addValue(part.to().atOffset(UTC))
                        .addValue(now.atOffset(UTC)));
    }

    /** Lets a query that has not begun end earlier. */
    Uni<Boolean> shorten(FetchJob job, Instant to) {
        return written(pool, SHORTEN, held(job).addValue(to.atOffset(UTC)));
    }

    Uni<Boolean> finish(SqlConnection tx, FetchJob job, FetchState end, Instant now, @Nullable Trouble trouble) {
        Tuple values = held(job)
                .addString(end.name())
                .addValue(now.atOffset(UTC))
                .addString(trouble == null ? null : trouble.name())
                .addString(trouble == null ? null : trouble.what());
        return written(tx, FINISH, values);
    }

    Uni<Map<UUID, List<OpenFetch>>> open(SqlConnection tx, Collection<UUID> connections) {
        return tx.preparedQuery(OPEN_WINDOWS)
                .execute(Tuple.of(connections.toArray(UUID[]::new)))
                .map(rows -> rows(rows, FetchJobs::openFetch).stream()
                        .collect(Collectors.groupingBy(OpenFetch::connectionId)));
    }

    /**
     * Why fetches are planned, since when there is a cause for them, when they may begin, and who goes first.
     *
     * @param bulk that plans them; null where they are planned by themselves
     */
    record Occasion(
            FetchReason reason, Instant causedAt, Instant notBefore, FetchPriority priority, @Nullable UUID bulk) {}

    /**
     * A new fetch.
     *
     * @param partTo end of the part that is read first
     * @param orders estimated; null if nothing is known
     * @param lostFrom from where on orders are missing that can not be read any more; null if none are
     */
    record Planned(
            OpenFetch fetch,
            Instant partTo,
            @Nullable Integer orders,
            @Nullable Instant lostFrom,
            StrategyPolicy.Choice choice) {}

    Uni<Void> insert(SqlConnection tx, List<Planned> planned, Occasion occasion, Instant now) {
        Tuple values = Tuple.tuple()
                .addString(occasion.reason().name())
                .addValue(occasion.causedAt().atOffset(UTC))
                .addValue(now.atOffset(UTC))
                .addValue(occasion.notBefore().atOffset(UTC))
                .addInteger(occasion.priority().ordinal())
                .addValue(planned.stream().map(p -> p.fetch().id()).toArray(UUID[]::new))
                .addValue(planned.stream().map(p -> p.fetch().connectionId()).toArray(UUID[]::new))
                .addValue(times(planned, p -> p.fetch().window().from()))
                .addValue(times(planned, p -> p.fetch().window().to()))
                .addValue(times(planned, Planned::partTo))
                .addValue(planned.stream().map(Planned::orders).toArray(Integer[]::new))
                .addValue(times(planned, Planned::lostFrom))
                .addValue(
                        planned.stream().map(p -> p.choice().strategy().name()).toArray(String[]::new))
                .addValue(planned.stream().map(FetchJobs::reason).toArray(String[]::new))
                .addValue(estimates(planned, StrategyPolicy.Choice::bySearch))
                .addValue(estimates(planned, StrategyPolicy.Choice::byReport))
                .addUUID(occasion.bulk());
        return tx.preparedQuery(INSERT).execute(values).replaceWithVoid();
    }

    private static OffsetDateTime[] times(List<Planned> planned, Function<Planned, @Nullable Instant> time) {
        return planned.stream().map(time).map(FetchJobs::offset).toArray(OffsetDateTime[]::new);
    }

    private static @Nullable String reason(Planned planned) {
        StrategyReason reason = planned.choice().reason();
        return reason == null ? null : reason.name();
    }

    private static Integer[] estimates(
            List<Planned> planned, Function<StrategyPolicy.Choice, @Nullable Duration> estimate) {
        return planned.stream()
                .map(Planned::choice)
                .map(estimate)
                .map(time -> time == null ? null : (int) Math.min(time.toSeconds(), Integer.MAX_VALUE))
                .toArray(Integer[]::new);
    }

    /** When the next first load of an imported connection may begin. */
    Uni<Instant> nextFirstLoad(SqlConnection tx, Instant now, Duration spacing) {
        return tx.preparedQuery(NEXT_FIRST_LOAD)
                .execute(Tuple.of(now.atOffset(UTC), seconds(spacing)))
                .map(rows -> rows.iterator().next().getOffsetDateTime(0).toInstant());
    }

    Uni<List<Affected>> park(SqlConnection tx, UUID connection, Trouble trouble) {
        return affected(tx, PARK, Tuple.of(connection, trouble.name(), trouble.message()));
    }

    /** Lets parked and waiting jobs go on now. */
    Uni<Void> resume(SqlConnection tx, UUID connection, Instant now) {
        return tx.preparedQuery(RESUME)
                .execute(Tuple.of(connection, now.atOffset(UTC)))
                .replaceWithVoid();
    }

    /** Ends the jobs of a connection; {@code unreadOnly}: those that have not read a page and will be planned anew. */
    Uni<List<Affected>> cancel(SqlConnection tx, UUID connection, Trouble why, Instant now, boolean unreadOnly) {
        return affected(tx, CANCEL, Tuple.of(connection, why.name(), why.message(), now.atOffset(UTC), unreadOnly));
    }

    /** Ends one job; empty if it has ended before. */
    Uni<List<Affected>> cancelOne(SqlConnection tx, UUID job, Trouble why, Instant now) {
        return affected(tx, CANCEL_ONE, Tuple.of(job, why.name(), why.message(), now.atOffset(UTC)));
    }

    private static Uni<List<Affected>> affected(SqlConnection tx, String sql, Tuple values) {
        return tx.preparedQuery(sql)
                .execute(values)
                .map(rows -> rows(rows, row -> new Affected(row.getUUID(0), FetchReason.valueOf(row.getString(1)))));
    }

    private static Uni<Boolean> written(SqlClient client, String sql, Tuple values) {
        return client.preparedQuery(sql).execute(values).map(rows -> rows.rowCount() == 1);
    }

    private static Tuple held(FetchJob job) {
        return Tuple.tuple().addUUID(job.id()).addLong(job.epoch());
    }

    static <T> List<T> rows(RowSet<Row> rows, Function<Row, T> reader) {
        List<T> read = new ArrayList<>();
        rows.forEach(row -> read.add(reader.apply(row)));
        return read;
    }

    private static OpenFetch openFetch(Row row) {
        return new OpenFetch(
                row.getUUID("id"),
                row.getUUID("connection_id"),
                FetchReason.valueOf(row.getString("reason")),
                interval(row, "window"),
                List.of(row.getArrayOfStrings("marketplaces")));
    }

    static Interval interval(Row row, String name) {
        return new Interval(
                row.getOffsetDateTime(name + "_from").toInstant(),
                row.getOffsetDateTime(name + "_to").toInstant());
    }

    private static @Nullable OffsetDateTime offset(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(UTC);
    }

    static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
