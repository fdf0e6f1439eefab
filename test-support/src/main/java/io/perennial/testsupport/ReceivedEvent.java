package io.perennial.testsupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record as it stands on the broker, read without any code of the services.
 *
 * @param type the event's short name ({@code TokenRenewed}); empty for a record without CloudEvents headers
 */
public record ReceivedEvent(
        String topic,
        int partition,
        long offset,
        @Nullable String key,
        String type,
        Map<String, String> headers,
        byte @Nullable [] value) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern TYPE = Pattern.compile("io\\.perennial\\.(\\w+)\\.v\\d+");

    static ReceivedEvent of(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new TreeMap<>();
        record.headers()
                .forEach(header -> headers.put(
                        header.key(),
                        header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8)));
        Matcher type = TYPE.matcher(headers.getOrDefault("ce_type", ""));
        return new ReceivedEvent(
                record.topic(),
                record.partition(),
                record.offset(),
                record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8),
                type.matches() ? type.group(1) : "",
                headers,
                record.value());
    }

    public String id() {
        return headers.getOrDefault("ce_id", "");
    }

    public String connectionId() {
        return headers.getOrDefault("ce_subject", "");
    }

    /** The payload; missing for a tombstone. */
    public JsonNode data() {
        if (value == null) {
            return MissingNode.getInstance();
        }
        try {
            return JSON.readTree(value);
        } catch (IOException e) {
            throw new UncheckedIOException("not JSON at " + topic + "-" + partition + "@" + offset, e);
        }
    }

    @Override
    public String toString() {
        return type + "[" + topic + "-" + partition + "@" + offset + " key=" + key + " "
                + (value == null ? "" : new String(value, StandardCharsets.UTF_8)) + "]";
    }
}
