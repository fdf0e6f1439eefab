package io.perennial.notify.reminder;

import io.perennial.service.PageCursor;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Reads reminders, newest first. */
@Singleton
class ReminderHistory {
    private static final String SELECT =
            """
            select r.*, c.external_id, c.provider, c.region
            from reminder r join connection c using (connection_id)
            """;

    private static final String PAGE = SELECT
            + """
            where ($1::text[] is null or r.tenant_id = any ($1))
              and ($2::text is null or r.tenant_id = $2)
              and ($3::uuid is null or r.connection_id = $3)
              and ($4::timestamptz is null or (r.created_at, r.id) < ($4, $5::uuid))
            order by r.created_at desc, r.id desc
            limit $6
            """;

    private static final String ONE = SELECT + "where r.id = $1";

    private final Pool pool;

    ReminderHistory(Pool pool) {
        this.pool = pool;
    }

    Uni<Page> page(Query query) {
        Position after = Position.of(query.cursor());
        Tuple arguments = Tuple.tuple()
                .addValue(query.visibleTenants())
                .addValue(query.tenant())
                .addValue(query.connection())
                .addValue(after == null ? null : after.createdAt())
                .addValue(after == null ? null : after.id())
                .addValue(query.limit() + 1);
        return pool.preparedQuery(PAGE)
                .execute(arguments)
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(ReminderView::of)
                        .toList())
                .map(items -> Page.of(items, query.limit()));
    }

    Uni<ReminderView> one(UUID id) {
        return pool.preparedQuery(ONE)
                .execute(Tuple.of(id))
                .map(rows -> ReminderView.of(rows.iterator().next()));
    }

    /**
     * What is asked for.
     *
     * @param visibleTenants the tenants that the caller sees; null for all
     */
    record Query(
            String @Nullable [] visibleTenants,
            @Nullable String tenant,
            @Nullable UUID connection,
            @Nullable String cursor,
            int limit) {}

    /** Some reminders, and where the next ones begin. */
    record Page(List<ReminderView> items, @Nullable String next) {
        static Page of(List<ReminderView> found, int limit) {
            if (found.size() <= limit) {
                return new Page(found, null);
            }
            List<ReminderView> items = found.subList(0, limit);
            ReminderView last = items.get(limit - 1);
            return new Page(items, PageCursor.encode(last.createdAt(), last.id()));
        }
    }

    private record Position(OffsetDateTime createdAt, UUID id) {
        static @Nullable Position of(@Nullable String cursor) {
            List<String> parts = PageCursor.decode(cursor, 2);
            if (parts == null) {
                return null;
            }
            try {
                return new Position(OffsetDateTime.parse(parts.get(0)), UUID.fromString(parts.get(1)));
            } catch (DateTimeParseException | IllegalArgumentException e) {
                throw PageCursor.refused();
            }
        }
    }
}
