package io.perennial.console.remote;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Function;

/** What came back from a service. */
public sealed interface Answer {

    /** It did what was asked. */
    record Done(JsonObject body) implements Answer {}

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
