package io.perennial.monitor.connectionview;

import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.EndsAtSource;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.monitor.plan.TenantPlans;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The rows of the projection; every statement is for a whole batch. */
@Singleton
class WatchedConnections {
    /** In the order of the key, so that two batches, or a batch and the expiry loop, can not wait for each other in a ring. */
    private static final String LOCK =
            """
            select connection_id, tenant_id, external_id, provider, region, generation, label, state, ends_at,
                   ends_at_source, revoked_at, told, plan_sequence, seen, changed_at
            from watched_connection
            where connection_id = any ($1)
            order by connection_id
            for update
            """;

    /**
     * Saves rows and moves the counters of their days, in one statement: what is counted is what PostgreSQL says it
     * replaced, so the counters are right even where two transactions meet a new connection at once. Counters are locked
     * after the rows and in their order, so that no two batches wait for each other in a ring.
     */
    private static final String SAVE =
            """
            with saved as (
                insert into watched_connection (connection_id, tenant_id, external_id, provider, region, generation,
                                                label, state, ends_at, ends_at_source, revoked_at, told, next_due_at,
                                                plan_sequence, changed_at, seen)
                select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::text[],
                                     $8::text[], $9::timestamptz[], $10::text[], $11::timestamptz[], $12::int[],
                                     $13::timestamptz[], $14::bigint[], $15::timestamptz[], $16::bigint[])
                on conflict (connection_id) do update
                set tenant_id = excluded.tenant_id,
                    external_id = excluded.external_id,
                    provider = excluded.provider,
                    region = excluded.region,
                    generation = excluded.generation,
                    label = excluded.label,
                    state = excluded.state,
                    ends_at = excluded.ends_at,
                    ends_at_source = excluded.ends_at_source,
                    revoked_at = excluded.revoked_at,
                    told = excluded.told,
                    next_due_at = excluded.next_due_at,
                    plan_sequence = excluded.plan_sequence,
                    changed_at = excluded.changed_at,
                    seen = excluded.seen,
                    set_aside_at = null,
                    set_aside_because = null
                where excluded.generation >= watched_connection.generation
                returning old.tenant_id as was_of, old.lapses_on as was_on, new.tenant_id, new.lapses_on
            ), moved as (
                select tenant_id, day, sum(change) as change
                from (select was_of, was_on, -1 from saved where was_on is not null
                      union all
                      select tenant_id, lapses_on, 1 from saved where lapses_on is not null)
                     as changes (tenant_id, day, change)
                group by tenant_id, day
                having sum(change) <> 0
            )
            insert into expiry_day (tenant_id, day, connections)
            select tenant_id, day, change from moved order by tenant_id, day
            on conflict (tenant_id, day) do update set connections = expiry_day.connections + excluded.connections
            """;

    /** The rows of these connections, locked until the transaction ends. */
    Uni<Map<UUID, WatchedConnection>> lock(SqlConnection transaction, Collection<UUID> connections) {
        UUID[] ids = connections.toArray(UUID[]::new);
        return transaction.preparedQuery(LOCK).execute(Tuple.of(ids)).map(rows -> {
            Map<UUID, WatchedConnection> known = new HashMap<>();
            for (Row row : rows) {
                known.put(row.getUUID("connection_id"), connection(row));
            }
            return known;
        });
    }

    Uni<Void> save(SqlConnection transaction, List<WatchedConnection> changed, TenantPlans.Chosen plans) {
        if (changed.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Tuple columns = Tuple.tuple()
                .addValue(column(changed, c -> c.about().connectionId(), UUID[]::new))
                .addValue(column(changed, c -> c.about().tenantId(), String[]::new))
                .addValue(column(changed, c -> c.about().externalId(), String[]::new))
                .addValue(column(changed, c -> c.about().provider().name(), String[]::new))
                .addValue(column(changed, c -> c.about().region().name(), String[]::new))
                .addValue(column(changed, c -> c.about().generation(), Integer[]::new))
                .addValue(column(changed, WatchedConnection::label, String[]::new))
                .addValue(column(changed, c -> c.state().name(), String[]::new))
                .addValue(column(changed, c -> utc(c.plan().endsAt()), OffsetDateTime[]::new))
                .addValue(column(changed, c -> name(c.plan().endsAtSource()), String[]::new))
                .addValue(column(changed, c -> utc(c.plan().revokedAt()), OffsetDateTime[]::new))
                .addValue(column(changed, c -> c.plan().told(), Integer[]::new))
                .addValue(column(
                        changed,
                        c -> utc(c.nextDueAt(plans.of(c.about().tenantId())).orElse(null)),
                        OffsetDateTime[]::new))
                .addValue(column(changed, WatchedConnection::planSequence, Long[]::new))
                .addValue(column(changed, c -> utc(c.about().occurredAt()), OffsetDateTime[]::new))
                .addValue(column(changed, WatchedConnection::seen, Long[]::new));
        return transaction.preparedQuery(SAVE).execute(columns).replaceWithVoid();
    }

    private static WatchedConnection connection(Row row) {
        ConnectionRef about = new ConnectionRef(
                row.getString("tenant_id"),
                row.getUUID("connection_id"),
                row.getString("external_id"),
                Provider.valueOf(row.getString("provider")),
                Region.valueOf(row.getString("region")),
                row.getInteger("generation"),
                row.getOffsetDateTime("changed_at").toInstant());
        String source = row.getString("ends_at_source");
        Plan plan = new Plan(
                instant(row.getOffsetDateTime("ends_at")),
                source == null ? null : EndsAtSource.valueOf(source),
                instant(row.getOffsetDateTime("revoked_at")),
                row.getInteger("told"));
        return new WatchedConnection(
                about,
                row.getString("label"),
                ConnectionStatus.valueOf(row.getString("state")),
                plan,
                row.getLong("plan_sequence"),
                row.getLong("seen"));
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime at) {
        return at == null ? null : at.toInstant();
    }

    private static @Nullable String name(@Nullable Enum<?> value) {
        return value == null ? null : value.name();
    }

    private static <T extends @Nullable Object> T[] column(
            List<WatchedConnection> rows, Function<WatchedConnection, T> value, IntFunction<T[]> array) {
        return rows.stream().map(value).toArray(array);
    }
}
