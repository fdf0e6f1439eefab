package io.perennial.monitor.expiry;

import io.perennial.contracts.EventType;
import io.perennial.contracts.Topics;
import io.perennial.monitor.expiry.Stage.Expiring;
import io.perennial.monitor.expiry.Stage.Overdue;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.TreeMap;

/** The rows that are due. */
@Singleton
class DueConnections {
    static final String SOURCE = "/perennial/token-monitor";

    /**
     * Claims due rows, moves each to its next instant and writes its event: one statement, one commit.
     *
     * <p>{@code = any (array(...))} and not a join, because a join's plan hangs on a guess of how many rows are due, and a
     * wrong guess reads the whole table in every idle tick. {@code width_bucket} over the distances of the stages is
     * {@link ExpiryPolicy#reached}; beyond the last stage the subscript is null and the row leaves the due set for good.
     * Intervals are made of microseconds alone: days and months would bring the session's time zone into play.
     *
     * <p>The event's id also names its trace: what follows from an announcement is one trace, recorded if chance says so.
     */
    static final String CLAIM =
            """
            with announced as (
                update watched_connection c
                set (announced, next_due_at, sequence) = (
                    select reached.stage,
                           c.anchor_at + ($3::bigint[])[reached.stage + 1] * interval '1 microsecond',
                           c.sequence + 1
                    from (select width_bucket((extract(epoch from $1::timestamptz - c.anchor_at) * 1000000)::bigint,
                                              $3::bigint[])) as reached(stage))
                where c.connection_id = any (array(
                    select due.connection_id
                    from watched_connection due
                    where due.next_due_at <= $1
                    order by due.next_due_at
                    limit $2
                    for update skip locked))
                returning new.*, old.next_due_at as was_due_at, uuidv7() as event_id
            ), written as (
                insert into outbox (topic, message_key, event_id, event_type, source, subject, event_time, sequence,
                                    traceparent, data)
                select $4, connection_id::text, event_id, ($6::text[])[announced], $5, connection_id::text, $1, sequence,
                       '00-' || translate(event_id::text, '-', '') || '-' || right(translate(event_id::text, '-', ''), 16)
                             || case when random() < $10 then '-01' else '-00' end,
                       (jsonb_build_object(
                           'tenantId', tenant_id,
                           'connectionId', connection_id,
                           'externalId', external_id,
                           'provider', provider,
                           'region', region,
                           'generation', generation,
                           'occurredAt', $8::text,
                           'endsAt', to_char(coalesce(ends_at, anchor_at) at time zone 'UTC',
                                             'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
                       || case when announced <= $9
                               then jsonb_build_object(
                                   'stage', ($7::int[])[announced],
                                   'daysLeft', ceil(extract(epoch from ends_at - $1) / 86400)::int)
                               else jsonb_build_object('week', ($7::int[])[announced])
                          end)::text
                from announced
                order by was_due_at
            )
            select announced, count(*), min(was_due_at) from announced group by announced
            """;

    private static final String OLDEST =
            "select min(next_due_at) from watched_connection where next_due_at is not null";

    /** Exact while it is cheap; PostgreSQL's own count of the index beyond that. */
    private static final String WATCHED =
            """
            select case when reltuples > 100000 then reltuples::bigint
                        else (select count(*) from watched_connection where next_due_at is not null) end
            from pg_class where oid = 'watched_connection_due'::regclass
            """;

    private final Pool pool;
    private final ExpiryPolicy policy = ExpiryPolicy.standard();
    private final double tracedShare;

    @Inject
    DueConnections(Pool pool, ExpiryConfig config) {
        this(pool, config.tracedShare());
    }

    DueConnections(Pool pool, double tracedShare) {
        this.pool = pool;
        this.tracedShare = tracedShare;
    }

    /** Announces what is due at {@code now}, oldest first, at most {@code limit} connections. */
    Uni<Announcements> announce(Instant now, int limit) {
        return pool.preparedQuery(CLAIM)
                .execute(parameters(policy, now, limit, tracedShare))
                .map(DueConnections::announcements);
    }

    /** The instant at which the connection that waits longest was or will be due. */
    Uni<Instant> oldest() {
        return pool.preparedQuery(OLDEST)
                .execute()
                .map(rows -> rows.iterator().next().getOffsetDateTime(0))
                .map(at -> at == null ? Instant.MAX : at.toInstant());
    }

    /** How many connections have a stage before them. */
    Uni<Long> watched() {
        return pool.preparedQuery(WATCHED)
                .execute()
                .map(rows -> rows.iterator().next().getLong(0));
    }

    static Tuple parameters(ExpiryPolicy policy, Instant now, int limit, double tracedShare) {
        List<Stage> stages = policy.stages();
        Instant precise = ExpiryPolicy.precise(now);
        return Tuple.tuple()
                .addValue(precise.atOffset(ZoneOffset.UTC))
                .addValue(limit)
                .addValue(policy.offsets().toArray(Long[]::new))
                .addValue(Topics.EXPIRY)
                .addValue(SOURCE)
                .addValue(stages.stream().map(DueConnections::eventType).toArray(String[]::new))
                .addValue(stages.stream().map(DueConnections::number).toArray(Integer[]::new))
                .addValue(precise.toString())
                .addValue(policy.end())
                .addValue(tracedShare);
    }

    private static String eventType(Stage stage) {
        return (stage instanceof Expiring ? EventType.TOKEN_EXPIRING : EventType.RENEWAL_OVERDUE).type();
    }

    private static Integer number(Stage stage) {
        if (stage instanceof Expiring expiring) {
            return expiring.days();
        }
        if (stage instanceof Overdue overdue) {
            return overdue.week();
        }
        throw new IllegalStateException("A stage without a number: " + stage);
    }

    private static Announcements announcements(RowSet<Row> rows) {
        TreeMap<Integer, Long> byStage = new TreeMap<>();
        Instant oldest = Instant.MAX;
        for (Row row : rows) {
            byStage.put(row.getInteger(0), row.getLong(1));
            Instant due = row.getOffsetDateTime(2).toInstant();
            oldest = due.isBefore(oldest) ? due : oldest;
        }
        return byStage.isEmpty() ? Announcements.NONE : new Announcements(byStage, oldest);
    }
}
