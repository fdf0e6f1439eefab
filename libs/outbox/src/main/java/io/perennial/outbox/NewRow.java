package io.perennial.outbox;

import io.perennial.contracts.EventCodec;
import io.perennial.contracts.EventEnvelope;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row to insert. */
record NewRow(
        String topic,
        String key,
        UUID eventId,
        String eventType,
        String source,
        String subject,
        OffsetDateTime time,
        long sequence,
        @Nullable String traceparent,
        @Nullable String data) {

    static NewRow of(EventEnvelope event) {
        return new NewRow(
                event.type().topic(),
                event.key(),
                event.id(),
                event.type().type(),
                event.source(),
                event.data().subject(),
                event.time().atOffset(ZoneOffset.UTC),
                event.sequence(),
                event.traceparent(),
                EventCodec.toJson(event.data()));
    }
}
