package io.perennial.console.view;

import io.perennial.contracts.Event;
import io.perennial.contracts.EventCodec;
import io.perennial.contracts.EventEnvelope;
import io.vertx.mutiny.sqlclient.Row;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Something that happened to a connection. */
public record HistoryView(UUID id, Instant at, Event event) {

    /** Empty for a kind of event that this version no longer knows. */
    static Optional<HistoryView> of(Row row) {
        UUID id = row.getUUID("event_id");
        Instant at = ConnectionView.at(row, "occurred_at");
        Map<String, String> headers = Map.of(
                EventCodec.ID, id.toString(),
                EventCodec.TYPE, row.getString("type"),
                EventCodec.SOURCE, "/perennial/console",
                EventCodec.SUBJECT, row.getUUID("connection_id").toString(),
                EventCodec.TIME, at.toString());
        return EventCodec.decode(headers, row.getString("data").getBytes(StandardCharsets.UTF_8))
                .map(EventEnvelope::data)
                .map(event -> new HistoryView(id, at, event));
    }
}
