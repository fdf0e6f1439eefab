package io.perennial.outbox;

import io.perennial.contracts.Event;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.EventType;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Where a service leaves its events: written in the caller's transaction, published in order afterwards.
 *
 * <ul>
 *   <li>An event is published if and only if the transaction that wrote it commits; at least once, always with the same
 *       {@code ce_id}.
 *   <li>Events of one key are published in the order of their rows. Two transactions that write events of one key must
 *       both lock the aggregate's row first: nothing else gives them an order.
 *   <li>Call {@link #wake()} after the commit; without it the event waits for the next poll.
 * </ul>
 */
@Singleton
public class Outbox {
    private static final String APPEND =
            """
            insert into outbox (topic, message_key, event_id, event_type, source, subject, event_time, sequence,
                                traceparent, data)
            select topic, message_key, event_id, event_type, source, subject, event_time, sequence, traceparent, data
            from unnest($1::text[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::timestamptz[],
                        $8::bigint[], $9::text[], $10::text[])
                 with ordinality as e(topic, message_key, event_id, event_type, source, subject, event_time, sequence,
                                      traceparent, data, position)
            order by position
            """;

    private static final String WAITING = "select count(*) from (select from outbox limit $1) as r";

    private final Backlog backlog;
    private final Wakeups wakeups;
    private final EventIds ids;
    private final String source;

    @Inject
    Outbox(Backlog backlog, Wakeups wakeups, EventIds ids, OutboxConfig config) {
        this.backlog = backlog;
        this.wakeups = wakeups;
        this.ids = ids;
        this.source = "/perennial/" + config.service();
    }

    /**
     * An envelope for a new event of this service, with a fresh id and the time at which it {@code occurredAt}. It begins
     * a trace of its own.
     */
    public EventEnvelope envelope(Event data, long sequence) {
        return envelope(data, sequence, null);
    }

    /** As {@link #envelope(Event, long)}, in the trace of its cause. Without a cause the event begins a trace. */
    public EventEnvelope envelope(Event data, long sequence, @Nullable String traceparent) {
        UUID id = ids.next();
        return new EventEnvelope(
                id,
                EventType.of(data),
                source,
                data.occurredAt(),
                sequence,
                traceparent == null ? EventIds.traceOf(id, EventIds.NOT_SAMPLED) : traceparent,
                data);
    }

    /** Writes events in the given order with one statement. The connection must be in a transaction. */
    public Uni<Void> append(SqlConnection transaction, Collection<EventEnvelope> events) {
        return insert(transaction, events.stream().map(NewRow::of).toList());
    }

    /** An event that is rendered, with all that its row will hold. */
    public static final class Rendered {
        private final NewRow row;

        private Rendered(NewRow row) {
            this.row = row;
        }
    }

    /** Renders an event ahead, for writers of many that would keep their transaction waiting meanwhile. */
    public Rendered render(EventEnvelope event) {
        return new Rendered(NewRow.of(event));
    }

    /** Writes rendered events in the given order with one statement. The connection must be in a transaction. */
    public Uni<Void> appendRendered(SqlConnection transaction, Collection<Rendered> events) {
        return insert(transaction, events.stream().map(event -> event.row).toList());
    }

    /** Writes one event. The connection must be in a transaction. */
    public Uni<Void> append(SqlConnection transaction, EventEnvelope event) {
        return append(transaction, List.of(event));
    }

    /**
     * Writes a record without a value, which removes the key from a compacted topic.
     *
     * @param subject the connection that the key belongs to
     */
    public Uni<Void> appendTombstone(
            SqlConnection transaction, EventType type, String key, UUID subject, OffsetDateTime time, long sequence) {
        return appendTombstones(transaction, type, List.of(key), subject, time, sequence);
    }

    /**
     * Writes records without a value for several keys of one connection, with one statement.
     *
     * @param subject the connection that the keys belong to
     * @param firstSequence of the first key; the others follow it
     */
    public Uni<Void> appendTombstones(
            SqlConnection transaction,
            EventType type,
            List<String> keys,
            UUID subject,
            OffsetDateTime time,
            long firstSequence) {
        List<NewRow> rows = new ArrayList<>(keys.size());
        for (String key : keys) {
            rows.add(new NewRow(
                    type.topic(),
                    key,
                    ids.next(),
                    type.type(),
                    source,
                    subject.toString(),
                    time,
                    firstSequence + rows.size(),
                    null,
                    null));
        }
        return insert(transaction, rows);
    }

    /** Tells the relay that something was committed. Cheap, never blocks, may be called for every transaction. */
    public void wake() {
        wakeups.wake();
    }

    /**
     * Whether so many rows wait that loops must stop claiming work. At most a second old. Callbacks ignore it: they are
     * never refused.
     */
    public boolean full() {
        return backlog.full();
    }

    /**
     * Whether every relay that is alive makes events of rows of values ({@link Rendering}). At most a second old, false
     * until the first look. While an update rolls there are relays that do not; whoever writes such rows waits for them to
     * go.
     */
    public boolean renders() {
        return backlog.renders();
    }

    /** How many rows wait at this moment, counted up to {@code atMost}: for bulk work that shall give way to all other. */
    public Uni<Long> waiting(SqlConnection connection, int atMost) {
        return connection.preparedQuery(WAITING).execute(Tuple.of(atMost)).map(rows -> rows.iterator()
                .next()
                .getLong(0));
    }

    private static Uni<Void> insert(SqlConnection transaction, List<NewRow> rows) {
        if (rows.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Tuple columns = Tuple.tuple()
                .addValue(column(rows, NewRow::topic, String[]::new))
                .addValue(column(rows, NewRow::key, String[]::new))
                .addValue(column(rows, NewRow::eventId, UUID[]::new))
                .addValue(column(rows, NewRow::eventType, String[]::new))
                .addValue(column(rows, NewRow::source, String[]::new))
                .addValue(column(rows, NewRow::subject, String[]::new))
                .addValue(column(rows, NewRow::time, OffsetDateTime[]::new))
                .addValue(column(rows, NewRow::sequence, Long[]::new))
                .addValue(column(rows, NewRow::traceparent, String[]::new))
                .addValue(column(rows, NewRow::data, String[]::new));
        return transaction.preparedQuery(APPEND).execute(columns).replaceWithVoid();
    }

    private static <T extends @Nullable Object> T[] column(
            List<NewRow> rows, Function<NewRow, T> value, IntFunction<T[]> array) {
        return rows.stream().map(value).toArray(array);
    }
}
