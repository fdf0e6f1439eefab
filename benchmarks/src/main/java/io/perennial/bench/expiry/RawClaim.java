package io.perennial.bench.expiry;

import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

/**
 * The limit: the least SQL that moves due rows of the same table by a week and writes rows of the same size into the same
 * outbox. It knows no plans, no stages and no time zones, renders no JSON and tells nothing of what it did.
 */
final class RawClaim {
    /** As long as the values of a connection of {@link Watched}, of which the relay makes the event. */
    private static final String DATA = "x".repeat(62);

    /** What follows the key and the id in a row of the outbox, the same for all who write one. */
    static final String COLUMNS = "'', 'stage', '', '', '', '" + DATA + "'";

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final String CLAIM =
            """
            with moved as (
                update watched_connection c
                set told = -30, next_due_at = c.next_due_at + interval '168 hours', sequence = c.sequence + 1
                where c.ctid = any (array(
                    select due.ctid from watched_connection due where due.next_due_at <= $1
                    order by due.next_due_at limit $2 for update skip locked))
                returning c.connection_id, c.sequence
            )
            insert into outbox (message_key, event_id, event_time, sequence, topic, event_type, source, subject,
                                traceparent, data)
            select connection_id::text, uuidv7(), $1, sequence, %s
            from moved
            """
                    .formatted(COLUMNS);

    private static final String PROBE =
            "select from watched_connection where next_due_at <= (select $1::timestamptz) order by next_due_at limit 1";

    private final Pool session;

    RawClaim(Pool session) {
        this.session = session;
    }

    long claim(Instant now, int limit) {
        return rows(CLAIM, Tuple.of(now.atOffset(ZoneOffset.UTC), limit));
    }

    /** Looks whether anything is due, by the index alone. */
    long probe(Instant now) {
        return rows(PROBE, Tuple.of(now.atOffset(ZoneOffset.UTC)));
    }

    private long rows(String sql, Tuple parameters) {
        return session.preparedQuery(sql)
                .execute(parameters)
                .await()
                .atMost(PATIENCE)
                .rowCount();
    }
}
