package io.perennial.outbox;

import io.perennial.contracts.EventCodec;
import io.perennial.contracts.EventType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Headers of a kind of event as {@link EventCodec} names them; those that all events of the kind share are made once. */
final class EventHeaders {
    private static final int SECONDS_OF_DAY = 86_400;
    private static final Map<String, EventHeaders> BY_TYPE = Arrays.stream(EventType.values())
            .map(EventHeaders::new)
            .collect(Collectors.toUnmodifiableMap(headers -> headers.name, Function.identity()));

    private final String name;
    private final Header specVersion;
    private final Header type;
    private final Header dataSchema;
    private final Header contentType;

    private EventHeaders(EventType kind) {
        Map<String, String> any = EventCodec.headers(new UUID(0, 0), kind, "", "", Instant.EPOCH, 0, null);
        this.name = kind.type();
        this.specVersion = shared(any, EventCodec.SPEC_VERSION);
        this.type = shared(any, EventCodec.TYPE);
        this.dataSchema = shared(any, EventCodec.DATA_SCHEMA);
        this.contentType = shared(any, EventCodec.CONTENT_TYPE);
    }

    private static Header shared(Map<String, String> headers, String name) {
        return header(name, Objects.requireNonNull(headers.get(name)));
    }

    static boolean knows(String type) {
        return BY_TYPE.containsKey(type);
    }

    /** Empty for a type that is not in the contract. */
    static Optional<EventHeaders> ofType(String type) {
        return Optional.ofNullable(BY_TYPE.get(type));
    }

    /** In the order of {@link EventCodec#headers}. */
    List<Header> of(OutboxRow row) {
        List<Header> headers = new ArrayList<>(10);
        headers.add(specVersion);
        headers.add(header(EventCodec.ID, row.eventId().toString()));
        headers.add(type);
        headers.add(header(EventCodec.SOURCE, row.source()));
        headers.add(header(EventCodec.SUBJECT, row.subject()));
        headers.add(new RecordHeader(EventCodec.TIME, time(row.time())));
        headers.add(header(EventCodec.SEQUENCE, Long.toString(row.sequence())));
        headers.add(dataSchema);
        headers.add(contentType);
        String traceparent = row.traceparent();
        if (traceparent != null) {
            headers.add(header(EventCodec.TRACE_PARENT, traceparent));
        }
        return headers;
    }

    /** As {@link Instant#toString} has it, which takes more time than all other headers together. */
    static byte[] time(Instant instant) {
        LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(instant.getEpochSecond(), SECONDS_OF_DAY));
        if (day.getYear() < 0 || day.getYear() > 9999) {
            return bytes(instant.toString());
        }
        int second = Math.floorMod(instant.getEpochSecond(), SECONDS_OF_DAY);
        int fraction = instant.getNano();
        int digits = 9;
        while (digits > 0 && fraction % 1_000 == 0) {
            fraction /= 1_000;
            digits -= 3;
        }
        byte[] text = bytes(digits == 0 ? "0000-00-00T00:00:00Z" : "0000-00-00T00:00:00.000000000");
        if (digits > 0) {
            text = Arrays.copyOf(text, 21 + digits);
            text[20 + digits] = 'Z';
            write(fraction, text, 20 + digits);
        }
        write(day.getYear(), text, 4);
        write(day.getMonthValue(), text, 7);
        write(day.getDayOfMonth(), text, 10);
        write(second / 3_600, text, 13);
        write(second / 60 % 60, text, 16);
        write(second % 60, text, 19);
        return text;
    }

    /** Digits over the zeros that end there. */
    private static void write(int number, byte[] text, int end) {
        int place = end;
        for (int left = number; left > 0; left /= 10) {
            text[--place] = (byte) ('0' + left % 10);
        }
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, bytes(value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
