package io.perennial.console.projection;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns rows into one array parameter per column, for statements over {@code unnest}. */
final class Columns<T> {
    private final List<T> rows;
    private final Tuple parameters = Tuple.tuple();

    private Columns(List<T> rows) {
        this.rows = rows;
    }

    static <T> Columns<T> of(Collection<T> rows) {
        return new Columns<>(List.copyOf(rows));
    }

    Columns<T> uuid(Function<T, UUID> column) {
        parameters.addValue(rows.stream().map(column).toArray(UUID[]::new));
        return this;
    }

    Columns<T> text(Function<T, @Nullable String> column) {
        parameters.addValue(rows.stream().map(column).toArray(String[]::new));
        return this;
    }

    Columns<T> number(Function<T, @Nullable Integer> column) {
        parameters.addValue(rows.stream().map(column).toArray(Integer[]::new));
        return this;
    }

    Columns<T> bigNumber(Function<T, Long> column) {
        parameters.addValue(rows.stream().map(column).toArray(Long[]::new));
        return this;
    }

    Columns<T> instant(Function<T, @Nullable Instant> column) {
        parameters.addValue(rows.stream()
                .map(column)
                .map(instant -> instant == null ? null : OffsetDateTime.ofInstant(instant, ZoneOffset.UTC))
                .toArray(OffsetDateTime[]::new));
        return this;
    }

    /** Runs the statement with the columns in the order they were added; does nothing without rows. */
    Uni<Void> execute(SqlConnection transaction, String statement) {
        return rows.isEmpty()
                ? Uni.createFrom().voidItem()
                : transaction.preparedQuery(statement).execute(parameters).replaceWithVoid();
    }
}
