package io.perennial.notify.connection;

import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The rows of connections. Every method locks what it returns, in the order of ids, so that two transactions with
 * overlapping connections can not deadlock.
 */
@Singleton
public class Connections {
    private static final String SEE =
            """
            insert into connection as c (connection_id, tenant_id, external_id, provider, region, generation,
                                         disconnected, seen_at, reinstated_at)
            select connection_id, tenant_id, external_id, provider, region, generation, disconnected, $8, reinstated_at
            from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::boolean[],
                        $9::timestamptz[])
                 as s(connection_id, tenant_id, external_id, provider, region, generation, disconnected, reinstated_at)
            order by connection_id
            on conflict (connection_id) do update
                set generation    = greatest(c.generation, excluded.generation),
                    external_id   = excluded.external_id,
                    disconnected  = c.disconnected or excluded.disconnected,
                    seen_at       = excluded.seen_at,
                    reinstated_at = greatest(c.reinstated_at, excluded.reinstated_at)
            returning c.*
            """;

    private static final String TAKE_SEQUENCES =
            """
            with locked as (
                select c.connection_id, wanted.count
                from connection c
                join unnest($1::uuid[], $2::int[]) as wanted(connection_id, count) using (connection_id)
                order by c.connection_id
                for update of c
            )
            update connection c
            set event_sequence = c.event_sequence + locked.count
            from locked
            where c.connection_id = locked.connection_id
            returning c.*
            """;

    private static final String LOCK =
            """
            select * from connection
            where connection_id = $1 and ($2::text[] is null or tenant_id = any ($2))
            for update
            """;

    /** Notes what was seen, and returns the rows as they are now. */
    public Uni<Map<UUID, ConnectionRow>> see(SqlConnection transaction, Collection<Sighting> sightings, Instant now) {
        List<Sighting> ordered = sightings.stream()
                .sorted(Comparator.comparing(s -> s.about().connectionId()))
                .toList();
        Tuple columns = Tuple.tuple()
                .addValue(column(ordered, s -> s.about().connectionId(), UUID[]::new))
                .addValue(column(ordered, s -> s.about().tenantId(), String[]::new))
                .addValue(column(ordered, s -> s.about().externalId(), String[]::new))
                .addValue(column(ordered, s -> s.about().provider().name(), String[]::new))
                .addValue(column(ordered, s -> s.about().region().name(), String[]::new))
                .addValue(column(ordered, s -> s.about().generation(), Integer[]::new))
                .addValue(column(ordered, Sighting::disconnected, Boolean[]::new))
                .addValue(utc(now))
                .addValue(column(
                        ordered, s -> s.reinstatedAt() == null ? null : utc(s.reinstatedAt()), OffsetDateTime[]::new));
        return transaction.preparedQuery(SEE).execute(columns).map(Connections::byId);
    }

    /**
     * Takes numbers for events about connections.
     *
     * @param counts how many events will be written about each
     * @return the rows; {@code eventSequence} is the last of the numbers taken
     */
    public Uni<Map<UUID, ConnectionRow>> takeSequences(SqlConnection transaction, Map<UUID, Integer> counts) {
        List<UUID> ids = List.copyOf(counts.keySet());
        Tuple columns = Tuple.tuple()
                .addValue(ids.toArray(UUID[]::new))
                .addValue(ids.stream().map(counts::get).toArray(Integer[]::new));
        return transaction.preparedQuery(TAKE_SEQUENCES).execute(columns).map(Connections::byId);
    }

    /** One connection that the caller may see; empty otherwise. */
    public Uni<List<ConnectionRow>> lock(SqlConnection transaction, UUID id, String @Nullable [] tenants) {
        return transaction
                .preparedQuery(LOCK)
                .execute(Tuple.tuple().addValue(id).addValue(tenants))
                .map(rows -> List.copyOf(byId(rows).values()));
    }

    private static Map<UUID, ConnectionRow> byId(RowSet<Row> rows) {
        Map<UUID, ConnectionRow> byId = new LinkedHashMap<>();
        for (Row row : rows) {
            ConnectionRow connection = of(row);
            byId.put(connection.connectionId(), connection);
        }
        return byId;
    }

    private static ConnectionRow of(Row row) {
        return new ConnectionRow(
                row.getUUID("connection_id"),
                row.getString("tenant_id"),
                row.getString("external_id"),
                Provider.valueOf(row.getString("provider")),
                Region.valueOf(row.getString("region")),
                row.getInteger("generation"),
                row.getBoolean("disconnected"),
                row.getLong("event_sequence"));
    }

    private static <T extends @Nullable Object> T[] column(
            List<Sighting> rows, Function<Sighting, T> value, IntFunction<T[]> array) {
        return rows.stream().map(value).toArray(array);
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
