package io.perennial.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer's body (RFC 9457, with {@code code}, {@code retryable} and {@code errors} as extensions).
 *
 * @param type stable address of the kind, described in the documentation
 * @param code the kind's name, for programs
 * @param retryable whether the same request may succeed later
 * @param errors the fields that are wrong
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record Problem(
        String type,
        String title,
        int status,
        String detail,
        @Nullable String instance,
        String code,
        boolean retryable,
        List<FieldError> errors) {
    static final String MEDIA_TYPE = "application/problem+json";

    static Problem of(ProblemType type, String detail, @Nullable String instance, List<FieldError> errors) {
        return new Problem(
                "/problems/" + type.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'),
                type.title(),
                type.status(),
                detail,
                instance,
                type.name(),
                type.retryable(),
                errors);
    }
}
