package io.perennial.example.listingsync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * An event that concerns the sync.
 *
 * @param id {@code ce_id}; the same however often the event is delivered
 * @param sequence {@code ce_sequence}; grows per connection
 * @param generation number of the consent that the event speaks of; a lower one than seen before is history
 * @param working whether Amazon gives access after it
 */
record Happening(
        String id,
        String type,
        String connection,
        String tenant,
        String externalId,
        int generation,
        long sequence,
        boolean working) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The event types that matter here, and whether Amazon gives access after them. Others may come and are left alone. */
    private static final Map<String, Boolean> WORKING = Map.of(
            "io.perennial.ConnectionAuthorized.v1", true,
            "io.perennial.TokenRenewed.v1", true,
            "io.perennial.TokenReinstated.v1", true,
            "io.perennial.TokenExpired.v1", false,
            "io.perennial.TokenRevoked.v1", false,
            "io.perennial.ConnectionDisconnected.v1", false);

    /** Empty for everything that does not concern the sync, and for what can not be read. */
    static Optional<Happening> of(ConsumerRecord<String, byte[]> record) {
        String type = header(record, "ce_type");
        Boolean working = type == null ? null : WORKING.get(type);
        if (type == null || working == null || record.value() == null) {
            return Optional.empty();
        }
        try {
            JsonNode data = JSON.readTree(record.value());
            return Optional.of(new Happening(
                    text(header(record, "ce_id")),
                    type.replace("io.perennial.", "").replace(".v1", ""),
                    data.required("connectionId").asText(),
                    data.required("tenantId").asText(),
                    data.required("externalId").asText(),
                    data.required("generation").asInt(),
                    number(header(record, "ce_sequence")),
                    working));
        } catch (IOException | IllegalArgumentException e) {
            System.err.println("skipped an unreadable record at " + record.topic() + "-" + record.partition() + "@"
                    + record.offset());
            return Optional.empty();
        }
    }

    private static @Nullable String header(ConsumerRecord<String, byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static String text(@Nullable String value) {
        if (value == null) {
            throw new IllegalArgumentException("a header is missing");
        }
        return value;
    }

    private static long number(@Nullable String value) {
        return value == null ? 0 : Long.parseLong(value);
    }
}
