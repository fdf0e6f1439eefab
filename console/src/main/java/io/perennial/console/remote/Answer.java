package io.perennial.console.remote;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What came back from a service. */
public sealed interface Answer {

    /** It did what was asked. */
    record Done(JsonObject body) implements Answer {
        /** The objects of the answer's list. */
        public Stream<JsonObject> items() {
            return items("items");
        }

        /** The objects of a list in the answer; none if it has no such list. */
        public Stream<JsonObject> items(String list) {
            JsonArray items = body.getJsonArray(list, new JsonArray());
            return IntStream.range(0, items.size()).mapToObj(items::getJsonObject);
        }
    }

    /**
     * It said no, and why (a problem of RFC 9457).
     *
     * @param errors what is wrong with single fields
     */
    record Refused(int status, String code, String detail, List<FieldError> errors) implements Answer {}

    /** It did not answer, or with nothing that could be understood. */
    record Silent(Service service) implements Answer {}

    /** What is wrong with one field of a request. */
    record FieldError(String field, String message) {}

    /** The value for whichever of the three it is. */
    default <T> T fold(Function<Done, T> done, Function<Refused, T> refused, Function<Silent, T> silent) {
        if (this instanceof Done it) {
            return done.apply(it);
        }
        if (this instanceof Refused it) {
            return refused.apply(it);
        }
        return silent.apply((Silent) this);
    }
}
