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
    // Each slot's oldest rows, by the index on (slot, id): what other groups have waiting costs nothing.
    private static final String READ_ALL =
            """
            select r.*
            from unnest($1::smallint[]) with ordinality as s(slot, place)
            cross join lateral (
                select %s
                from outbox o
                where o.slot = s.slot
                order by o.id
                limit $2) r
            """
                    .formatted(OutboxRow.COLUMNS);

    // Slot by slot, so that only the slots that fill the batch are read.
    private static final String READ_FIRST =
            READ_ALL + """
            order by s.place, r.id
            limit $3
            """;

    private static final String DELETE = "delete from outbox where id = any ($1)";

    private static final String BURY =
            """
            with gone as (
                delete from outbox
                where id = any ($1) and ($3::float8 is null or created_at < clock_timestamp() - make_interval(secs => $3))
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
                   coalesce((select extract(epoch from clock_timestamp() - created_at)::float8
                             from outbox order by id limit 1), 0),
                   not exists (select from outbox_relay
                               where seen_at > clock_timestamp() - interval '15 seconds'
                                 and renders_at is distinct from seen_at)
            """;

    /** How many slots a batch takes rows of when all of them have many. */
    static final int SLOTS_IN_BATCH = 4;

    private final Database database;
    private final int batchSize;

    WaitingRows(Database database, int batchSize) {
        this.database = database;
        this.batchSize = batchSize;
    }

    int batchSize() {
        return batchSize;
    }

    /** Rows of each slot in a batch of so many slots. */
    int share(int slots) {
        return Math.max(1, batchSize / slots);
    }

    /**
     * Removes rows, and then reads the oldest rows of these slots, in order of their ids: at most a batch, the slots named
     * first before the others.
     *
     * @param perSlot most rows of each slot
     */
    Uni<List<OutboxRow>> deleteAndRead(Collection<Long> gone, Collection<Short> slots, int perSlot) {
        Tuple which = Tuple.of(slots.toArray(Short[]::new), perSlot);
        String read = READ_ALL;
        if (perSlot * slots.size() > batchSize) {
            which.addInteger(batchSize);
            read = READ_FIRST;
        }
        Uni<List<OutboxRow>> found = database.ask(read, which).map(WaitingRows::inOrder);
        return gone.isEmpty() ? found : database.ask(DELETE, ids(gone)).chain(() -> found);
    }

    private static List<OutboxRow> inOrder(RowSet<Row> found) {
        List<OutboxRow> rows = new ArrayList<>(found.rowCount());
        found.forEach(row -> rows.add(OutboxRow.of(row.getDelegate())));
        rows.sort(Comparator.comparingLong(OutboxRow::id));
        return rows;
    }

    void delete(Collection<Long> gone) throws InterruptedException {
        database.query(DELETE, ids(gone));
    }

    private static Tuple ids(Collection<Long> ids) {
        Object parameter = ids.toArray(Long[]::new);
        return Tuple.of(parameter);
    }

    void bury(long id, String reason) throws InterruptedException {
        bury(List.of(id), reason, null);
    }

    /** Buries those of the rows that were written so long ago, or all. Which ones it were. */
    Set<Long> bury(Collection<Long> ids, String reason, @Nullable Duration age) throws InterruptedException {
        Tuple which = Tuple.of(ids.toArray(Long[]::new), reason, age == null ? null : age.toMillis() / 1000.0);
        Set<Long> buried = new HashSet<>();
        database.query(BURY, which).forEach(row -> buried.add(row.getLong(0)));
        return buried;
    }

    Measure measure(int atMost) throws InterruptedException {
        Row row = database.query(MEASURE, Tuple.of(atMost)).iterator().next();
        return new Measure(row.getLong(0), row.getDouble(1), row.getBoolean(2));
    }
}
