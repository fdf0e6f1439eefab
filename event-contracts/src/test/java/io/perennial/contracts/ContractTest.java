package io.perennial.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Record, schema file and golden sample agree, and what was released once stays readable.
 *
 * <p>After a deliberate change run with {@code -Dcontracts.write=true}: schema files and samples are written anew and the
 * diff is the review. {@code src/test/resources/released/} is only ever added to.
 */
class ContractTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path SCHEMAS = Path.of("src/main/resources/perennial/schema");
    private static final Path SAMPLES = Path.of("src/main/resources/perennial/samples");
    private static final Path RELEASED = Path.of("src/test/resources/released");
    private static final boolean WRITE = Boolean.getBoolean("contracts.write");

    @ParameterizedTest
    @EnumSource
    void schema_file_is_what_the_record_stands_for(EventType type) throws IOException {
        assertSameAsFile(SCHEMAS.resolve(fileName(type)), SchemaOf.event(type));
    }

    @ParameterizedTest
    @EnumSource
    void golden_sample_is_what_the_codec_writes_and_fits_the_schema(EventType type) throws IOException {
        JsonNode sample = JSON.readTree(EventCodec.toJson(Samples.of(type)));
        assertSameAsFile(SAMPLES.resolve(fileName(type)), sample);
        assertThat(schema(SCHEMAS.resolve(fileName(type))).validate(sample)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void event_survives_the_journey_through_a_record(EventType type) {
        EventEnvelope event = envelope(type);
        byte[] value = EventCodec.toJson(event.data()).getBytes(StandardCharsets.UTF_8);

        assertThat(EventCodec.decode(EventCodec.headers(event), value)).contains(event);
    }

    @ParameterizedTest
    @EnumSource
    void unknown_fields_are_ignored(EventType type) throws IOException {
        EventEnvelope event = envelope(type);
        ObjectNode data = (ObjectNode) JSON.readTree(EventCodec.toJson(event.data()));
        data.put("fieldOfALaterVersion", 1);

        assertThat(EventCodec.decode(EventCodec.headers(event), JSON.writeValueAsBytes(data)))
                .contains(event);
        assertThat(schema(SCHEMAS.resolve(fileName(type))).validate(data)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void each_missing_required_field_is_named(EventType type) throws IOException {
        EventEnvelope event = envelope(type);
        for (JsonNode field : SchemaOf.event(type).get("required")) {
            ObjectNode data = (ObjectNode) JSON.readTree(EventCodec.toJson(event.data()));
            data.remove(field.asText());
            byte[] value = JSON.writeValueAsBytes(data);

            assertThatThrownBy(() -> EventCodec.decode(EventCodec.headers(event), value))
                    .isInstanceOf(UnreadableEventException.class)
                    .hasNoCause();
        }
    }

    @Test
    void every_sample_ever_released_is_still_readable_and_fits_todays_schema() throws IOException {
        try (Stream<Path> samples =
                Files.walk(RELEASED).filter(p -> p.toString().contains("/samples/"))) {
            for (Path sample : samples.filter(Files::isRegularFile).toList()) {
                EventType type = typeOf(sample);
                JsonNode data = JSON.readTree(sample.toFile());
                UUID id = UUID.randomUUID();
                Map<String, String> headers = new HashMap<>(EventCodec.headers(envelope(type)));
                headers.put(EventCodec.ID, id.toString());
                String subject = type.about()
                        .getRecordComponents()[type.about() == ConnectionRef.class ? 1 : 0]
                        .getName();
                headers.put(EventCodec.SUBJECT, data.get(subject).asText());

                assertThat(EventCodec.decode(headers, JSON.writeValueAsBytes(data)))
                        .as(sample.toString())
                        .isPresent();
                assertThat(schema(SCHEMAS.resolve(fileName(type))).validate(data))
                        .as(sample.toString())
                        .isEmpty();
            }
        }
    }

    @Test
    void readers_of_every_released_schema_accept_what_is_written_today() throws IOException {
        try (Stream<Path> schemas =
                Files.walk(RELEASED).filter(p -> p.toString().contains("/schema/"))) {
            for (Path released : schemas.filter(Files::isRegularFile).toList()) {
                JsonNode today = JSON.readTree(EventCodec.toJson(Samples.of(typeOf(released))));
                assertThat(schema(released).validate(today))
                        .as(released.toString())
                        .isEmpty();
            }
        }
    }

    @Test
    void another_type_is_not_for_this_reader() {
        Map<String, String> headers = new HashMap<>(EventCodec.headers(envelope(EventType.TOKEN_RENEWED)));
        headers.put(EventCodec.TYPE, "io.perennial.SomethingElse.v1");

        assertThat(EventCodec.decode(headers, "{}".getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"io.perennial.TokenRenewed.v2", "io.perennial.TokenRenewed.v10", "io.perennial.TokenRenewed.vv1"
            })
    void a_known_type_in_another_version_is_no_event_of_this_topic(String type) {
        Map<String, String> headers = new HashMap<>(EventCodec.headers(envelope(EventType.TOKEN_RENEWED)));
        headers.put(EventCodec.TYPE, type);

        assertThatThrownBy(() -> EventCodec.decode(headers, "{}".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(UnreadableEventException.class)
                .hasMessageContaining("version");
    }

    @Test
    void data_without_a_bottom_are_refused() {
        Map<String, String> headers = EventCodec.headers(envelope(EventType.TOKEN_RENEWED));
        for (String value : List.of("{\"a\":".repeat(200_000), "[".repeat(200_000))) {
            assertThatThrownBy(() -> EventCodec.decode(headers, value.getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOf(UnreadableEventException.class)
                    .hasNoCause();
        }
    }

    /** No broker takes as much; a reader from which it came otherwise survives it too. */
    @Test
    void ten_megabytes_that_nobody_knows_are_passed_over() throws IOException {
        EventEnvelope event = envelope(EventType.TOKEN_RENEWED);
        ObjectNode data = (ObjectNode) JSON.readTree(EventCodec.toJson(event.data()));
        data.put("padding", "x".repeat(10_000_000));

        assertThat(EventCodec.decode(EventCodec.headers(event), JSON.writeValueAsBytes(data)))
                .contains(event);
    }

    @Test
    void a_field_that_names_a_class_makes_nothing() throws IOException {
        for (String name : List.of("@class", "@type", "@c", "class", "$type")) {
            EventEnvelope event = envelope(EventType.TOKEN_RENEWED);
            ObjectNode data = (ObjectNode) JSON.readTree(EventCodec.toJson(event.data()));
            data.put(name, "javax.naming.InitialContext");

            assertThat(EventCodec.decode(EventCodec.headers(event), JSON.writeValueAsBytes(data)))
                    .as(name)
                    .contains(event);
        }
    }

    @Test
    void broken_records_are_refused_without_quoting_them() {
        Map<String, String> headers = EventCodec.headers(envelope(EventType.TOKEN_RENEWED));
        for (String value :
                new String[] {"", "null", "[]", "{\"tenantId\":\"canary", "canary", "{\"endsAt\":\"canary\"}"}) {
            assertThatThrownBy(() -> EventCodec.decode(headers, value.getBytes(StandardCharsets.UTF_8)))
                    .as(value)
                    .isInstanceOf(UnreadableEventException.class)
                    .hasNoCause()
                    .hasMessageNotContaining("canary");
        }
        assertThatThrownBy(() -> EventCodec.decode(headers, null)).isInstanceOf(UnreadableEventException.class);
        assertThatThrownBy(() -> EventCodec.decode(Map.of(), new byte[0])).isInstanceOf(UnreadableEventException.class);
    }

    @Test
    void subject_must_be_the_connection() {
        Map<String, String> headers = new HashMap<>(EventCodec.headers(envelope(EventType.TOKEN_EXPIRED)));
        headers.put(EventCodec.SUBJECT, UUID.randomUUID().toString());
        byte[] value = EventCodec.toJson(Samples.of(EventType.TOKEN_EXPIRED)).getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> EventCodec.decode(headers, value)).isInstanceOf(UnreadableEventException.class);
    }

    @Test
    void topics_hold_every_type_and_each_dead_letter_topic_names_its_consumer() {
        assertThat(Topics.all().stream().map(Topics.TopicSpec::name))
                .contains(Stream.of(EventType.values()).map(EventType::topic).toArray(String[]::new))
                .contains("perennial.connections.v1.token-monitor.dlq")
                .doesNotHaveDuplicates();
    }

    @Test
    void a_tombstone_waits_for_readers_as_long_as_the_events_of_fetches_do() {
        Map<String, Map<String, String>> configs =
                Topics.all().stream().collect(Collectors.toMap(Topics.TopicSpec::name, Topics.TopicSpec::configs));
        assertThat(configs.get(Topics.ORDERS))
                .containsEntry("cleanup.policy", "compact,delete")
                .containsEntry(
                        "delete.retention.ms", configs.get(Topics.FETCHES).get("retention.ms"));
        assertThat(configs.get(Topics.FETCHES)).doesNotContainKey("delete.retention.ms");
    }

    @Test
    void a_dead_letter_may_be_larger_than_the_record_that_it_was() {
        assertThat(Topics.all())
                .filteredOn(topic -> topic.name().endsWith(".dlq"))
                .isNotEmpty()
                .allSatisfy(topic -> assertThat(topic.configs()).containsEntry("max.message.bytes", "2097152"));
        assertThat(Topics.all())
                .filteredOn(topic -> !topic.name().endsWith(".dlq"))
                .allSatisfy(topic -> assertThat(topic.configs()).doesNotContainKey("max.message.bytes"));
    }

    @Test
    void every_consumer_has_a_replay_topic_that_it_alone_reads() {
        assertThat(Topics.consumers())
                .containsExactly("auth-service", "console", "fetch-orchestrator", "notifier", "token-monitor");
        assertThat(Topics.consumers()).allSatisfy(consumer -> assertThat(Topics.readBy(consumer))
                .hasSizeGreaterThan(1)
                .endsWith(Topics.replay(consumer)));
        assertThat(Topics.readBy("nobody")).isEmpty();
        assertThat(Topics.all().stream().map(Topics.TopicSpec::name))
                .contains("perennial.replay.notifier", "perennial.replay.notifier.notifier.dlq");
    }

    @Test
    void asyncapi_lists_every_type_and_topic() throws IOException {
        String page = Files.readString(Path.of("src/main/resources/perennial/asyncapi.yaml"));
        for (EventType type : EventType.values()) {
            assertThat(page).contains("schema/" + fileName(type)).contains(type.topic());
        }
    }

    private static EventEnvelope envelope(EventType type) {
        return new EventEnvelope(
                UUID.fromString("01990000-0000-7000-8000-0000000000ee"),
                type,
                "/perennial/auth-service",
                Samples.of(type).occurredAt(),
                7,
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                Samples.of(type));
    }

    private static EventType typeOf(Path file) {
        String name = file.getFileName().toString().replace(".v1.json", "");
        return EventType.ofType("io.perennial." + name + ".v1").orElseThrow();
    }

    private static String fileName(EventType type) {
        return type.data().getSimpleName() + ".v1.json";
    }

    private static JsonSchema schema(Path file) {
        try {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(((ObjectNode) JSON.readTree(file.toFile())).without("$id"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertSameAsFile(Path file, JsonNode expected) throws IOException {
        if (WRITE) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(expected) + "\n");
        }
        assertThat(JSON.readTree(file.toFile())).as(file.toString()).isEqualTo(expected);
    }
}
