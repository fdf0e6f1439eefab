package io.perennial.console.view;

import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * A query with only those conditions that restrict something, so that the planner sees which index fits. Conditions are
 * constants of the code with {@code ?} for their value; values are always parameters.
 */
final class Statement {
    private final StringJoiner conditions = new StringJoiner(" and ", " where ", "");
    private final Tuple parameters = Tuple.tuple();

    Statement() {
        conditions.setEmptyValue("");
    }

    Statement and(String condition) {
        conditions.add(condition);
        return this;
    }

    Statement and(String condition, @Nullable Object... values) {
        String text = condition;
        for (Object value : values) {
            text = text.replaceFirst("\\?", Matcher.quoteReplacement(parameter(value)));
        }
        conditions.add(text);
        return this;
    }

    /** Adds a value that stands outside of the conditions. */
    String parameter(@Nullable Object value) {
        parameters.addValue(
                value instanceof Instant instant ? OffsetDateTime.ofInstant(instant, ZoneOffset.UTC) : value);
        return "$" + parameters.size();
    }

    String conditions() {
        return conditions.toString();
    }

    Tuple parameters() {
        return parameters;
    }
}
