package io.perennial.contracts;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event with its CloudEvents attributes.
 *
 * @param id stable across retries; what makes a second delivery recognisable
 * @param source {@code /perennial/<service>}
 * @param time when it happened, on the domain clock
 * @param sequence grows per source and key; for projections that keep only the last value
 * @param traceparent W3C trace context of the cause, if there was one
 */
public record EventEnvelope(
        UUID id, EventType type, String source, Instant time, long sequence, @Nullable String traceparent, Event data) {

    /** Key of the record: what it is about, and for an order connection and order. */
    public String key() {
        return data instanceof OrderFetched order ? order.subject() + ":" + order.orderId() : data.subject();
    }

    /**
     * The connection and generation that an event of a connection speaks of. An {@link Event} of the platform or of a
     * tenant has none and never arrives on the topics of connections.
     */
    public ConnectionRef about() {
        if (data instanceof ConnectionEvent event) {
            return event.about();
        }
        throw new IllegalStateException(type + " is not about a connection");
    }
}
