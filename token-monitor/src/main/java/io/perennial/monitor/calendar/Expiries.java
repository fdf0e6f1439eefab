package io.perennial.monitor.calendar;

import io.perennial.monitor.calendar.ExpiryCalendar.OfTenant;
import io.perennial.monitor.expiry.ExpiryPolicy;
import io.perennial.monitor.expiry.Stage;
import io.perennial.service.PageCursor;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the projection by the end of the grants, and the counters of their days. */
@Singleton
class Expiries {
    private static final String PAGE =
            """
            select c.connection_id, c.tenant_id, c.external_id, c.provider, c.region, c.generation, c.label, c.state,
                   c.ends_at, c.ends_at_source, c.anchor_at, c.next_due_at
            from watched_end e join watched_connection c on c.connection_id = e.connection_id
            where e.ends_at <= $1
              and ($2::text[] is null or e.tenant_id = any ($2))
              and ($3::text is null or e.tenant_id = $3)
              and ($4::timestamptz is null or (e.ends_at, e.connection_id) > ($4, $5::uuid))
              and c.next_due_at is not null and c.ends_at = e.ends_at
            order by e.ends_at, e.connection_id
            limit $6
            """;

    private static final String BY_DAY =
            """
            select day, tenant_id, connections
            from expiry_day
            where day >= $1
              and day < $2
              and connections > 0
              and ($3::text[] is null or tenant_id = any ($3))
              and ($4::text is null or tenant_id = $4)
            order by day, tenant_id
            """;

    private final Pool pool;

    @Inject
    Expiries(Pool pool) {
        this.pool = pool;
    }

    /** Connections that are still announced and whose grants end until {@code horizon}. */
    Uni<ExpiryPage> page(Tenants tenants, Instant now, Instant horizon, Page page) {
        Tuple parameters = Tuple.tuple()
                .addValue(horizon.atOffset(ZoneOffset.UTC))
                .addValue(tenants.visible())
                .addValue(tenants.only())
                .addValue(page.afterEnd())
                .addValue(page.afterId())
                .addValue(page.limit() + 1);
        return pool.preparedQuery(PAGE).execute(parameters).map(rows -> {
            List<ExpiringConnection> found = new ArrayList<>();
            rows.forEach(row -> found.add(connection(row, now)));
            return page.of(found);
        });
    }

    /** How many grants that still work end on each day from today on and before {@code until}. */
    Uni<ExpiryCalendar> calendar(Tenants tenants, Instant now, LocalDate from, LocalDate until) {
        Tuple parameters = Tuple.tuple()
                .addValue(from)
                .addValue(until)
                .addValue(tenants.visible())
                .addValue(tenants.only());
        return pool.preparedQuery(BY_DAY).execute(parameters).map(rows -> {
            Map<LocalDate, List<OfTenant>> days = new LinkedHashMap<>();
            rows.forEach(row -> days.computeIfAbsent(row.getLocalDate(0), day -> new ArrayList<>())
                    .add(new OfTenant(row.getString(1), row.getLong(2))));
            return new ExpiryCalendar(
                    days.entrySet().stream()
                            .map(day -> new ExpiryCalendar.Day(day.getKey(), day.getValue()))
                            .toList(),
                    now);
        });
    }

    private static ExpiringConnection connection(Row row, Instant now) {
        Instant endsAt = row.getOffsetDateTime("ends_at").toInstant();
        Instant dueAt = row.getOffsetDateTime("next_due_at").toInstant();
        Instant anchor = row.getOffsetDateTime("anchor_at").toInstant();
        Stage next = Stage.ofDay((int) Duration.between(anchor, dueAt).toDays());
        return new ExpiringConnection(
                row.getUUID("connection_id"),
                row.getString("tenant_id"),
                row.getString("external_id"),
                row.getString("provider"),
                row.getString("region"),
                row.getInteger("generation"),
                row.getString("label"),
                row.getString("state"),
                endsAt,
                row.getString("ends_at_source"),
                ExpiryPolicy.daysLeft(endsAt, now),
                next.label(),
                dueAt);
    }

    /**
     * Whose connections are looked at.
     *
     * @param visible the tenants the caller may see; null for all
     * @param only the one the caller asked for; null for any
     */
    @SuppressWarnings("ArrayRecordComponent") // bound as a SQL array, never compared
    record Tenants(String @Nullable [] visible, @Nullable String only) {}

    /** Which part of the list: after the last row of the page before. */
    record Page(@Nullable OffsetDateTime afterEnd, @Nullable UUID afterId, int limit) {
        static Page of(@Nullable String cursor, int limit) {
            List<String> after = PageCursor.decode(cursor, 2);
            if (after == null) {
                return new Page(null, null, limit);
            }
            try {
                OffsetDateTime end = Instant.parse(after.get(0)).atOffset(ZoneOffset.UTC);
                return new Page(end, UUID.fromString(after.get(1)), limit);
            } catch (DateTimeException | IllegalArgumentException e) {
                throw PageCursor.refused();
            }
        }

        /** One row more than the page was asked for tells that there is a next one. */
        ExpiryPage of(List<ExpiringConnection> found) {
            if (found.size() <= limit) {
                return new ExpiryPage(found, null);
            }
            ExpiringConnection last = found.get(limit - 1);
            return new ExpiryPage(found.subList(0, limit), PageCursor.encode(last.endsAt(), last.connectionId()));
        }
    }
}
