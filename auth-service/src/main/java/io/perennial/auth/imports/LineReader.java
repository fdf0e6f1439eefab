package io.perennial.auth.imports;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.perennial.problem.FieldError;
import io.perennial.problem.JsonFault;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Reads the JSON of a line: every field known, none twice, nothing after it. */
final class LineReader {
    private static final int DEEPEST = 5;
    private static final int LONGEST_FIELD = 100;
    private static final String BODY = "body";
    private static final ObjectReader JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .build())
            .addModule(new JavaTimeModule())
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build()
            .readerFor(ImportLine.class);

    private LineReader() {}

    /** Thrown for a line that can not be read. */
    static final class UnreadableLine extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient FieldError fault;

        UnreadableLine(FieldError fault) {
            super(fault.message(), null, false, false);
            this.fault = fault;
        }

        FieldError fault() {
            return fault;
        }
    }

    static ImportLine read(RawLine line) throws UnreadableLine {
        if (line.tooLong()) {
            throw new UnreadableLine(new FieldError("line", "is longer than a line may be"));
        }
        try {
            ImportLine read = JSON.readValue(line.bytes());
            if (read == null) {
                throw new UnreadableLine(new FieldError("line", "must be a JSON object"));
            }
            return read;
        } catch (JsonProcessingException e) {
            throw new UnreadableLine(named(JsonFault.of(e)));
        } catch (IOException e) {
            throw new UncheckedIOException("Bytes in memory can not fail to be read", e);
        }
    }

    private static FieldError named(FieldError fault) {
        String field = fault.field().equals(BODY) ? "line" : fault.field();
        return new FieldError(field.substring(0, Math.min(field.length(), LONGEST_FIELD)), fault.message());
    }
}
