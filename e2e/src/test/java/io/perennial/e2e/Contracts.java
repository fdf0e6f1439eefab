package io.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.perennial.testsupport.ReceivedEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Holds a record against the published schema of its type. */
final class Contracts {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, JsonSchema> SCHEMAS = new ConcurrentHashMap<>();

    private Contracts() {}

    static void assertKept(ReceivedEvent event) {
        Map<String, String> headers = event.headers();
        assertThat(headers)
                .containsEntry("ce_specversion", "1.0")
                .containsKeys("ce_source", "ce_sequence", "traceparent");
        assertThat(UUID.fromString(headers.get("ce_id")).version()).isEqualTo(7);
        OffsetDateTime.parse(headers.get("ce_time"));
        assertThat(event.key()).startsWith(headers.get("ce_subject"));
        assertThat(event.data().get("connectionId").asText()).isEqualTo(headers.get("ce_subject"));
        assertThat(SCHEMAS.computeIfAbsent(event.type(), Contracts::schema).validate(event.data()))
                .as(event.toString())
                .isEmpty();
    }

    private static JsonSchema schema(String type) {
        try (InputStream file = Contracts.class.getResourceAsStream("/perennial/schema/" + type + ".v1.json")) {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(((ObjectNode) JSON.readTree(file)).without("$id"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
