package io.perennial.outbox;

import io.perennial.outbox.Backlog.Measure;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rows of the outbox, as the relay reads and removes them. */
final class WaitingRows {
    // Each slot's oldest rows, which lie side by side in the key: what other groups have waiting costs little.
    // Until the server analyses, it does not know how many rows a slot has, and a limit beyond its guess would have
    // the whole slot read and put in order: behind a subselect the planner does not see the limit, and walks the key.
    private static final String READ =
            """
            select r.*
            from unnest($1::smallint[]) as s(slot)
            cross join lateral (
                select %s
                from outbox o
                where o.slot = s.slot
                order by o.id
                limit (select $2::int)) r
            """
                    .formatted(OutboxRow.COLUMNS);

    private static final String DELETE = "delete from outbox where id = any ($1) and slot = any ($2)";

    private static final String BURY =
            """
            with gone as (
                delete from outbox
                where id = any ($1) and slot = any ($4)
                  and ($3::float8 is null or created_at < clock_timestamp() - make_interval(secs => $3))
                returning *
            )
            insert into outbox_dead (id, topic, message_key, event_id, event_type, source, subject, event_time, sequence,
                                     traceparent, data, created_at, reason)
            select id, topic, message_key, event_id, event_type, source, subject, event_time, sequence,
                   traceparent, data, created_at, $2
            from gone
            returning id
            """;

    /**
     * How many rows wait, up to the first parameter, the age of the oldest, and whether all relays render rows of values. A
     * relay that is alive shows itself every second.
     */
    static final String MEASURE =
            """
            select (select count(*) from (select from outbox limit $1) r),
                   coalesce((select max(extract(epoch from clock_timestamp() - o.created_at))::float8
                             from generate_series(0, %d) as s(slot)
                             cross join lateral (select created_at from outbox where slot = s.slot order by id limit 1) o), 0),
                   not exists (select from outbox_relay
                               where seen_at > clock_timestamp() - interval '15 seconds'
                                 and renders_at is distinct from seen_at)
            """
                    .formatted(RelaySettings.SLOTS - 1);

    private final Database database;
    private final int batchSize;

    WaitingRows(Database database, int batchSize) {
        this.database = database;
        this.batchSize = batchSize;
    }

    int batchSize() {
        return batchSize;
    }

    /**
     * Removes rows of these slots, and then reads their oldest rows, in order of their ids.
     *
     * @param perSlot most rows of each slot
     */
    Uni<List<OutboxRow>> deleteAndRead(Collection<Long> gone, Collection<Short> slots, int perSlot) {
        Uni<List<OutboxRow>> found = database.ask(READ, Tuple.of(slots.toArray(Short[]::new), perSlot))
                .map(WaitingRows::inOrder);
        return gone.isEmpty() ? found : database.ask(DELETE, which(gone, slots)).chain(() -> found);
    }

    private static List<OutboxRow> inOrder(RowSet<Row> found) {
        List<OutboxRow> rows = new ArrayList<>(found.rowCount());
        found.forEach(row -> rows.add(OutboxRow.of(row.getDelegate())));
        rows.sort(Comparator.comparingLong(OutboxRow::id));
        return rows;
    }

    void delete(Collection<Long> gone, Collection<Short> slots) throws InterruptedException {
        database.query(DELETE, which(gone, slots));
    }

    private static Tuple which(Collection<Long> ids, Collection<Short> slots) {
        return Tuple.of(ids.toArray(Long[]::new), slots.toArray(Short[]::new));
    }

    void bury(long id, Collection<Short> slots, String reason) throws InterruptedException {
        bury(List.of(id), slots, reason, null);
    }

    /** Buries those of the rows that were written so long ago, or all. Which ones it were. */
    Set<Long> bury(Collection<Long> ids, Collection<Short> slots, String reason, @Nullable Duration age)
            throws InterruptedException {
        Tuple which = Tuple.of(
                ids.toArray(Long[]::new),
                reason,
                age == null ? null : age.toMillis() / 1000.0,
                slots.toArray(Short[]::new));
        Set<Long> buried = new HashSet<>();
        database.query(BURY, which).forEach(row -> buried.add(row.getLong(0)));
        return buried;
    }

    Measure measure(int atMost) throws InterruptedException {
        Row row = database.query(MEASURE, Tuple.of(atMost)).iterator().next();
        return new Measure(row.getLong(0), row.getDouble(1), row.getBoolean(2));
    }
}
