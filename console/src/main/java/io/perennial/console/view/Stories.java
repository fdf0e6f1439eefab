package io.perennial.console.view;

import io.perennial.service.PageCursor;
import io.perennial.service.Shielded;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** What happened to one connection, newest first. Whoever asks has found the connection before, so tenants were checked. */
@Singleton
public class Stories {
    private static final String HISTORY =
            """
            select event_id, connection_id, type, occurred_at, data from history
            where connection_id = $1
                and ($2::timestamptz is null or (occurred_at, event_id) < ($2::timestamptz, $3::uuid))
            order by occurred_at desc, event_id desc limit $4
            """;
    private static final String FETCHES =
            """
            select fetch_id, reason, state, from_at, to_at, pages, orders_new, orders_updated, orders_unchanged, code,
                requested_at, changed_at
            from fetch_job where connection_id = $1 order by requested_at desc, fetch_id desc limit $2
            """;
    private static final String REMINDERS =
            """
            select kind, stage, result, code, occurred_at
            from reminder where connection_id = $1 order by occurred_at desc limit $2
            """;

    private final Pool pool;

    Stories(Pool pool) {
        this.pool = pool;
    }

    public Uni<Slice<HistoryView>> history(ConnectionView of, @Nullable String cursor, int limit) {
        List<String> after = PageCursor.decode(cursor, 2);
        Tuple parameters = Tuple.tuple()
                .addValue(of.id())
                .addValue(after == null ? null : time(after.get(0)))
                .addValue(after == null ? null : id(after.get(1)))
                .addValue(limit + 1);
        return query(HISTORY, parameters, HistoryView::of)
                .map(read -> Slice.cut(
                        read.stream().flatMap(Optional::stream).toList(),
                        limit,
                        last -> PageCursor.encode(last.at(), last.id())));
    }

    public Uni<List<FetchView>> fetches(ConnectionView of, int limit) {
        return query(FETCHES, Tuple.of(of.id(), limit), row -> FetchView.of(row, "state"));
    }

    public Uni<List<ReminderView>> reminders(ConnectionView of, int limit) {
        return query(REMINDERS, Tuple.of(of.id(), limit), ReminderView::of);
    }

    private <T> Uni<List<T>> query(String sql, Tuple parameters, Function<Row, T> reader) {
        return Shielded.uni(() -> pool.preparedQuery(sql).execute(parameters)).map(rows -> read(rows, reader));
    }

    private static <T> List<T> read(RowSet<Row> rows, Function<Row, T> reader) {
        return StreamSupport.stream(rows.spliterator(), false).map(reader).toList();
    }

    private static OffsetDateTime time(String part) {
        try {
            return OffsetDateTime.parse(part);
        } catch (DateTimeParseException e) {
            throw PageCursor.refused();
        }
    }

    private static UUID id(String part) {
        try {
            return UUID.fromString(part);
        } catch (IllegalArgumentException e) {
            throw PageCursor.refused();
        }
    }
}
