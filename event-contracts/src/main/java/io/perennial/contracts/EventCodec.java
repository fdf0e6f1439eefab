package io.perennial.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.NameTransformer;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Events as Kafka records: CloudEvents 1.0 in binary mode, data as JSON.
 *
 * <p>Reading is tolerant of what it does not know (fields, event types) and strict about what it needs.
 */
public final class EventCodec {
    public static final String ID = "ce_id";
    public static final String TYPE = "ce_type";
    public static final String SOURCE = "ce_source";
    public static final String SUBJECT = "ce_subject";
    public static final String TIME = "ce_time";
    public static final String SPEC_VERSION = "ce_specversion";
    public static final String DATA_SCHEMA = "ce_dataschema";
    public static final String SEQUENCE = "ce_sequence";
    public static final String CONTENT_TYPE = "content-type";
    public static final String TRACE_PARENT = "traceparent";

    private static final String ABOUT = "about";
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .build();
    private static final ObjectWriter FLAT =
            JSON.rebuild().annotationIntrospector(new AboutIsFlat()).build().writer();
    private static final Map<Class<? extends Record>, Set<String>> ABOUT_FIELDS = Stream.of(
                    ConnectionRef.class, AppRef.class, TenantRef.class)
            .collect(Collectors.toUnmodifiableMap(Function.identity(), EventCodec::fields));

    private EventCodec() {}

    /** The data as JSON, with the fields of what it is about ({@link EventType#about()}) flat beside the event's own. */
    public static String toJson(Event event) {
        try {
            return FLAT.writeValueAsString(event);
        } catch (JsonProcessingException e) {
            // Without the cause: its message quotes the payload.
            throw new IllegalStateException("A " + event.getClass().getSimpleName() + " can not be written");
        }
    }

    private static final class AboutIsFlat extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public @Nullable NameTransformer findUnwrappingNameTransformer(AnnotatedMember member) {
            boolean ofEvent = Event.class.isAssignableFrom(member.getDeclaringClass());
            return ofEvent && member.getName().equals(ABOUT) ? NameTransformer.NOP : null;
        }
    }

    /** The CloudEvents headers of an event, in a stable order. */
    public static Map<String, String> headers(EventEnvelope event) {
        return headers(
                event.id(),
                event.type(),
                event.source(),
                event.data().subject(),
                event.time(),
                event.sequence(),
                event.traceparent());
    }

    /** The CloudEvents headers of an event whose data is rendered elsewhere (set-based SQL). */
    public static Map<String, String> headers(
            UUID id,
            EventType type,
            String source,
            String subject,
            Instant time,
            long sequence,
            @Nullable String traceparent) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(SPEC_VERSION, "1.0");
        headers.put(ID, id.toString());
        headers.put(TYPE, type.type());
        headers.put(SOURCE, source);
        headers.put(SUBJECT, subject);
        headers.put(TIME, time.toString());
        headers.put(SEQUENCE, Long.toString(sequence));
        headers.put(DATA_SCHEMA, "/perennial/schema/" + type.data().getSimpleName() + ".v1.json");
        headers.put(CONTENT_TYPE, "application/json");
        if (traceparent != null) {
            headers.put(TRACE_PARENT, traceparent);
        }
        return headers;
    }

    /**
     * Reads a record.
     *
     * @return empty for an event type that this version does not know: not for this reader
     * @throws UnreadableEventException for everything that no retry can heal, as a known type in an unknown version
     */
    public static Optional<EventEnvelope> decode(Map<String, String> headers, byte @Nullable [] value) {
        String typeName = required(headers, TYPE);
        if (EventType.isOfAnotherVersion(typeName)) {
            throw new UnreadableEventException("The event is of a version that this topic does not hold");
        }
        Optional<EventType> type = EventType.ofType(typeName);
        if (type.isEmpty()) {
            return Optional.empty();
        }
        if (value == null) {
            throw new UnreadableEventException("The record has no value");
        }
        Event data = readData(type.get(), value);
        EventEnvelope envelope = new EventEnvelope(
                uuid(required(headers, ID)),
                type.get(),
                required(headers, SOURCE),
                instant(required(headers, TIME)),
                number(headers.getOrDefault(SEQUENCE, "0")),
                headers.get(TRACE_PARENT),
                data);
        if (!data.subject().equals(headers.get(SUBJECT))) {
            throw new UnreadableEventException(SUBJECT + " is not what the data is about");
        }
        return Optional.of(envelope);
    }

    private static Event readData(EventType type, byte[] value) {
        try {
            JsonNode tree = JSON.readTree(value);
            if (!(tree instanceof ObjectNode flat)) {
                throw new UnreadableEventException("The data is not a JSON object");
            }
            ObjectNode about = JSON.createObjectNode();
            for (String field : ABOUT_FIELDS.getOrDefault(type.about(), Set.of())) {
                JsonNode node = flat.get(field);
                if (node != null) {
                    about.set(field, node);
                }
            }
            flat.set(ABOUT, about);
            Event event = JSON.treeToValue(flat, type.data());
            RequiredFields.check(event);
            return event;
        } catch (JsonProcessingException e) {
            // Without the cause: a parser's message quotes the payload.
            throw new UnreadableEventException(
                    "The data is not a readable " + type.data().getSimpleName());
        } catch (IOException e) {
            throw new UnreadableEventException("The data is not JSON");
        }
    }

    private static Set<String> fields(Class<? extends Record> about) {
        return Arrays.stream(about.getRecordComponents())
                .map(RecordComponent::getName)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static String required(Map<String, String> headers, String name) {
        String value = headers.get(name);
        if (value == null || value.isBlank()) {
            throw new UnreadableEventException("Header " + name + " is missing");
        }
        return value;
    }

    private static UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new UnreadableEventException(ID + " is not a UUID");
        }
    }

    private static Instant instant(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw new UnreadableEventException(TIME + " is not a time-stamp");
        }
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new UnreadableEventException(SEQUENCE + " is not a number");
        }
    }
}
