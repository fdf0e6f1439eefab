package io.perennial.merchants.year;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * An event as it stands on the broker, read without any code of the services.
 *
 * @param type the short name ({@code TokenRenewed})
 * @param data the payload; missing where a record has none
 */
public record Told(String topic, String id, String type, String connectionId, JsonNode data) {

    /** Which grant it speaks of. */
    public int generation() {
        return data.path("generation").asInt();
    }

    public Instant occurredAt() {
        return instant("occurredAt");
    }

    public Instant instant(String field) {
        return Instant.parse(data.path(field).asText());
    }
}
