package io.perennial.monitor.expiry;

import io.perennial.monitor.expiry.Announcements.Some;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The rows that are due. */
@Singleton
class DueConnections {
    private static final String OLDEST_DUE =
            """
            select due.ctid
            from watched_connection due
            where due.next_due_at <= $1
            order by due.next_due_at
            limit $2
            for update skip locked
            """;

    private static final String CHOSEN =
            """
            select due.ctid
            from watched_connection due
            where due.connection_id = any ($2::uuid[]) and due.next_due_at <= $1
            for update skip locked
            """;

    /** What is due at once, in one statement and one commit. */
    static final String CLAIM = claim(OLDEST_DUE);

    private static final String CLAIM_CHOSEN = claim(CHOSEN);

    private static final String OLDEST =
            "select min(next_due_at) from watched_connection where next_due_at is not null";

    /**
     * An idle tick: read from one end of the index, and planned in less than half of the time that {@link #CLAIM} takes.
     * The subselect keeps the planner from reading the index itself, to guess how many are due.
     */
    static final String ANY_DUE =
            """
            select next_due_at from watched_connection where next_due_at <= (select $1::timestamptz)
            order by next_due_at limit 1
            """;

    private static final String DUE =
            """
            select connection_id from watched_connection where next_due_at <= $1
            order by next_due_at, connection_id limit $2
            """;

    private static final String SET_ASIDE =
            """
            with aside as (
                update watched_connection set next_due_at = null, set_aside_at = $2, set_aside_because = $3
                where connection_id = $1 and next_due_at <= $2
                returning connection_id
            )
            delete from watched_end where connection_id = any (array(select connection_id from aside))
            """;

    /** Exact while it is cheap; PostgreSQL's own count of the index beyond that. */
    private static final String WATCHED =
            """
            select case when reltuples > 100000 then reltuples::bigint
                        else (select count(*) from watched_connection where next_due_at is not null) end as watched,
                   (select count(*) from watched_connection where set_aside_at is not null) as set_aside
            from pg_class where oid = 'watched_connection_due'::regclass
            """;

    private final Pool pool;
    private final ExpiryPolicy standard = ExpiryPolicy.standard();
    private final double tracedShare;

    /** How many connections have a stage before them, and how many were set aside. */
    record Counts(long watched, long setAside) {}

    @Inject
    DueConnections(Pool pool, ExpiryConfig config) {
        this(pool, config.tracedShare());
    }

    DueConnections(Pool pool, double tracedShare) {
        this.pool = pool;
        this.tracedShare = tracedShare;
    }

    /**
     * Claims due rows, moves each to its next instant and writes its event. A row whose tenant has given up the stage that
     * it was due for is moved on without an event.
     *
     * <p>{@code = any (array(...))} and not a join, because a join's plan hangs on a guess of how many rows are due, and a
     * wrong guess reads the whole table in every idle tick. Rows are found again by their place, not by their key; one that
     * somebody changed between the look and the lock has moved, and the next look claims it. Should another row ever stand in
     * such a place, it is only touched if it is due itself; {@code is true} keeps PostgreSQL from reading all that is due by
     * the index instead. {@code width_bucket} over the
     * days of the stages is {@link ExpiryPolicy#reached}; {@code offset 0} keeps PostgreSQL from looking a tenant's plan up
     * once for every use, and {@code exists} from looking for plans where no tenant has one. Intervals are made of hours
     * alone: days and months would bring the session's time zone into play.
     *
     * <p>The outbox gets bare values, of which the relay makes the event ({@link AnnouncementRendering}): what is the same in
     * every event is neither rendered here nor carried by the log. The event's id also names its trace: what follows from an
     * announcement is one trace, recorded if chance says so.
     */
    static String claim(String rows) {
        return """
            with moved as (
                update watched_connection c
                set (told, next_due_at, sequence) = (
                    select reached.told, next_due_at(c.anchor_at, reached.told, plan.days),
                           c.sequence + (reached.told > c.told)::int
                    from (select coalesce(case when (select exists (select from tenant_plan)) then
                                              (select own.days from tenant_plan own where own.tenant_id = c.tenant_id) end,
                                          $3::int[])
                          offset 0) as plan(days),
                         lateral (select greatest(c.told, plan.days[width_bucket(
                                      floor(extract(epoch from $1::timestamptz - c.anchor_at) / 86400)::int, plan.days)])
                                  offset 0) as reached(told))
                where c.ctid = any (array(%1$s)) and (c.next_due_at <= $1) is true
                returning new.*, old.next_due_at as was_due_at, old.told as was_told, uuidv7() as event_id
            ), written as (
                insert into outbox (topic, message_key, event_id, event_type, source, subject, event_time, sequence,
                                    traceparent, data)
                select '', connection_id::text, event_id, $4, '', '', $1, sequence,
                       case when random() < $5 then '01' else '' end, %2$s
                from moved
                where told > was_told
                order by was_due_at
            ), over as (
                delete from watched_end
                where connection_id = any (array(select connection_id from moved where next_due_at is null))
            )
            select case when told > was_told then told end as stage,
                   width_bucket(extract(epoch from $1 - was_due_at)::float8, $6::float8[]) as lateness,
                   count(*) as connections,
                   min(was_due_at) as oldest
            from moved
            group by 1, 2
            """
                .formatted(rows, AnnouncementRendering.VALUES);
    }

    /** Looks first, cheaply, and announces if something is due: for ticks, most of which find nothing. */
    Uni<Announcements> look(Instant now, int limit) {
        return pool.preparedQuery(ANY_DUE)
                .execute(Tuple.of(ExpiryPolicy.precise(now).atOffset(ZoneOffset.UTC)))
                .chain(any -> any.size() == 0 ? Uni.createFrom().item(Announcements.NONE) : announce(now, limit));
    }

    /** Announces what is due at {@code now}, oldest first, at most {@code limit} connections. */
    Uni<Announcements> announce(Instant now, int limit) {
        return pool.preparedQuery(CLAIM)
                .execute(parameters(standard, now, limit, tracedShare))
                .map(DueConnections::announcements);
    }

    /** Announces those of the connections that are due at {@code now}. */
    Uni<Announcements> announce(Instant now, List<UUID> chosen) {
        return pool.preparedQuery(CLAIM_CHOSEN)
                .execute(parameters(standard, now, chosen.toArray(UUID[]::new), tracedShare))
                .map(DueConnections::announcements);
    }

    /** What is due at {@code now}, oldest first; claims nothing. */
    Uni<List<UUID>> due(Instant now, int limit) {
        return pool.preparedQuery(DUE)
                .execute(Tuple.of(ExpiryPolicy.precise(now).atOffset(ZoneOffset.UTC), limit))
                .map(rows -> {
                    List<UUID> due = new ArrayList<>();
                    rows.forEach(row -> due.add(row.getUUID(0)));
                    return due;
                });
    }

    /** Takes a connection that can not be announced out of the due set, until an event gives it another plan. */
    Uni<Void> setAside(Instant now, UUID connection, String because) {
        return pool.preparedQuery(SET_ASIDE)
                .execute(Tuple.of(connection, ExpiryPolicy.precise(now).atOffset(ZoneOffset.UTC), because))
                .replaceWithVoid();
    }

    /** The instant at which the connection that waits longest was or will be due. */
    Uni<Instant> oldest() {
        return pool.preparedQuery(OLDEST)
                .execute()
                .map(rows -> rows.iterator().next().getOffsetDateTime(0))
                .map(at -> at == null ? Instant.MAX : at.toInstant());
    }

    Uni<Counts> counts() {
        return pool.preparedQuery(WATCHED)
                .execute()
                .map(rows -> rows.iterator().next())
                .map(row -> new Counts(row.getLong("watched"), row.getLong("set_aside")));
    }

    /** @param rows how many of the oldest, or the ids of the chosen ones */
    static Tuple parameters(ExpiryPolicy standard, Instant now, Object rows, double tracedShare) {
        Instant precise = ExpiryPolicy.precise(now);
        return Tuple.tuple()
                .addValue(precise.atOffset(ZoneOffset.UTC))
                .addValue(rows)
                .addValue(standard.days().toArray(Integer[]::new))
                .addValue(AnnouncementRendering.NAME)
                .addValue(tracedShare)
                .addValue(ExpiryMetrics.latenessSeconds());
    }

    private static Announcements announcements(RowSet<Row> rows) {
        List<Some> some = new ArrayList<>();
        for (Row row : rows) {
            Integer told = row.getInteger("stage");
            some.add(new Some(
                    told == null ? null : Stage.ofDay(told),
                    row.getLong("connections"),
                    row.getOffsetDateTime("oldest").toInstant()));
        }
        return some.isEmpty() ? Announcements.NONE : new Announcements(some);
    }
}
