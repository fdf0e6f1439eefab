package io.perennial.outbox;

import io.perennial.contracts.EventEnvelope;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes events of rows that were written as bare values: for loops that write many, so that neither the database renders
 * what is the same in every row nor its log carries it. A bean of the service that writes them.
 *
 * <ul>
 *   <li>Such a row has {@link #name()} as its {@code event_type}, the values in {@code data}, the flags of its trace in
 *       {@code traceparent} ({@code 01}; empty if nobody records it), and empty text as topic, source and subject.
 *   <li>It is published more than once after a crash: the same row must always make the same event, whatever was decided
 *       meanwhile. So a rendering knows nothing but the row.
 *   <li>Rows may only be written while {@link Outbox#renders()}: a relay of an older release buries them.
 * </ul>
 */
public interface Rendering {
    /** Kept in every row, so better short; no type of the contract, and never given to rows of another form. */
    String name();

    /**
     * The event of a row. Its id and key are those of the row.
     *
     * @throws RuntimeException if none can be made of it; the row is moved to {@code outbox_dead}
     */
    EventEnvelope render(Values row);

    /**
     * What a row tells.
     *
     * @param time of the event
     * @param traceparent the trace that the event's id names
     * @param data as it was written
     */
    record Values(String key, UUID eventId, Instant time, long sequence, String traceparent, @Nullable String data) {}
}
