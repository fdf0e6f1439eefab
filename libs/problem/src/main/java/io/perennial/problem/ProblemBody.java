package io.perennial.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/** A problem as it is sent, for a request that is refused before it has reached a resource. */
public final class ProblemBody {
    public static final String MEDIA_TYPE = Problem.MEDIA_TYPE;

    private static final ObjectMapper JSON = new ObjectMapper();

    private ProblemBody() {}

    /** The JSON of a problem without fields. */
    public static String json(ProblemType type, String detail) {
        try {
            return JSON.writeValueAsString(Problem.of(type, detail, null, List.of()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A problem can not be written", e);
        }
    }
}
