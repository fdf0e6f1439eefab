package io.perennial.service;

import io.perennial.problem.ProblemException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Query parameters that are taken as text and read here: a value that can not be read is answered with 400 and the name of
 * its field. Taken as their own type, the framework would answer 404.
 */
public final class QueryText {
    private QueryText() {}

    /** An instant; null when the caller sent none. */
    public static @Nullable Instant instant(String field, @Nullable String value) {
        try {
            return value == null ? null : Instant.parse(value);
        } catch (DateTimeParseException e) {
            throw ProblemException.invalidField(field, "must be an instant such as 2027-01-15T00:00:00Z");
        }
    }

    /** One of the constants; null when the caller sent none. */
    public static <E extends Enum<E>> @Nullable E constant(String field, @Nullable String value, Class<E> type) {
        try {
            return value == null ? null : Enum.valueOf(type, value);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalidField(field, "must be one of " + List.of(type.getEnumConstants()));
        }
    }

    /** The page size that was asked for, as {@link PageCursor#limit(Integer)} bounds it. */
    public static int limit(@Nullable String value) {
        try {
            return PageCursor.limit(value == null ? null : Integer.valueOf(value));
        } catch (NumberFormatException e) {
            throw ProblemException.invalidField("limit", "must be a number");
        }
    }
}
