package io.perennial.fetch.connectionview;

import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Keeps the view of connections. */
@ApplicationScoped
public class ConnectionViews {
    private static final String COLUMNS =
            " connection_id, tenant_id, external_id, provider, region, generation, marketplaces, state, without_orders ";
    private static final String APPLY =
            """
            insert into connection_view as v (connection_id, tenant_id, external_id, provider, region, generation,
                                              marketplaces, state, account_id, seen_sequence)
            values ($1, $2, $3, $4, $5, $6, coalesce($7::text[], '{}'), coalesce($8, 'PENDING'), $9, $10)
            on conflict (connection_id) do update
            set external_id = excluded.external_id,
                generation = excluded.generation,
                marketplaces = coalesce($7::text[], v.marketplaces),
                state = coalesce($8, v.state),
                account_id = coalesce($9, v.account_id),
                seen_sequence = excluded.seen_sequence
            where v.state <> 'DISCONNECTED'
              and (excluded.generation, excluded.seen_sequence) >= (v.generation, v.seen_sequence)
            returning"""
                    + COLUMNS;
    private static final String LOCK =
            "select" + COLUMNS + "from connection_view where connection_id = any($1) order by connection_id for update";
    private static final String FIND_VISIBLE = "select" + COLUMNS
            + """
              from connection_view
              where connection_id = any($1) and ($2::text[] is null or tenant_id = any($2))
              """;
    private static final String USABLE_OF_TENANT =
            """
            select connection_id from connection_view
            where tenant_id = $1 and state = 'ACTIVE' and provider in ('AMAZON_SELLER', 'AMAZON_ADS')
              and ($3::uuid is null or connection_id > $3)
            order by connection_id limit $2
            """;
    private static final String COUNT_USABLE_OF_TENANT =
            """
            select count(*) from connection_view
            where tenant_id = $1 and state = 'ACTIVE' and provider in ('AMAZON_SELLER', 'AMAZON_ADS')
            """;
    private static final String NEXT_SEQUENCES =
            """
            update connection_view set event_sequence = event_sequence + $2
            where connection_id = any($1)
            returning connection_id, event_sequence
            """;

    /** Takes an event into the view. Locks the row; empty when the event is void or changes nothing here. */
    public Uni<Optional<ConnectionView>> apply(SqlConnection tx, EventEnvelope event) {
        return ConnectionChange.of(event.data())
                .map(change ->
                        tx.preparedQuery(APPLY).execute(values(event, change)).map(ConnectionViews::first))
                .orElseGet(() -> Uni.createFrom().item(Optional.empty()));
    }

    /** Locks connections, always in the same order. Those that are unknown are absent. */
    public Uni<List<ConnectionView>> lock(SqlConnection tx, Collection<UUID> ids) {
        return tx.preparedQuery(LOCK)
                .execute(Tuple.of(ids.toArray(UUID[]::new)))
                .map(ConnectionViews::all);
    }

    /** Connections of the tenants that may be seen; null means all tenants. */
    public Uni<List<ConnectionView>> find(SqlConnection tx, Collection<UUID> ids, String @Nullable [] tenants) {
        return tx.preparedQuery(FIND_VISIBLE)
                .execute(Tuple.of(ids.toArray(UUID[]::new), tenants))
                .map(ConnectionViews::all);
    }

    /**
     * Connections of a tenant of which something may be fetched now, in the order of their ids.
     *
     * @param after where to begin; null for the beginning
     */
    public Uni<List<UUID>> usableOf(SqlClient client, String tenantId, @Nullable UUID after, int atMost) {
        return client.preparedQuery(USABLE_OF_TENANT)
                .execute(Tuple.of(tenantId, atMost, after))
                .map(rows -> {
                    List<UUID> ids = new ArrayList<>();
                    rows.forEach(row -> ids.add(row.getUUID(0)));
                    return ids;
                });
    }

    /** How many those are. */
    public Uni<Long> countUsableOf(SqlConnection tx, String tenantId) {
        return tx.preparedQuery(COUNT_USABLE_OF_TENANT)
                .execute(Tuple.of(tenantId))
                .map(rows -> rows.iterator().next().getLong(0));
    }

    /**
     * Reserves numbers for events about connections whose rows the transaction holds.
     *
     * @return the last of the reserved numbers, by connection
     */
    public Uni<Map<UUID, Long>> nextSequences(SqlConnection tx, Collection<UUID> ids, int each) {
        return tx.preparedQuery(NEXT_SEQUENCES)
                .execute(Tuple.of(ids.toArray(UUID[]::new), (long) each))
                .map(rows -> {
                    Map<UUID, Long> sequences = new HashMap<>();
                    rows.forEach(row -> sequences.put(row.getUUID(0), row.getLong(1)));
                    return sequences;
                });
    }

    private static Tuple values(EventEnvelope event, ConnectionChange change) {
        ConnectionRef about = event.about();
        List<String> marketplaces = change.marketplaces();
        ViewState state = change.state();
        return Tuple.tuple()
                .addUUID(about.connectionId())
                .addString(about.tenantId())
                .addString(about.externalId())
                .addString(about.provider().name())
                .addString(about.region().name())
                .addInteger(about.generation())
                .addValue(marketplaces == null ? null : marketplaces.toArray(String[]::new))
                .addString(state == null ? null : state.name())
                .addString(change.accountId())
                .addLong(event.sequence());
    }

    private static Optional<ConnectionView> first(RowSet<Row> rows) {
        return all(rows).stream().findFirst();
    }

    /** Connections from rows with all columns of a view. */
    public static List<ConnectionView> all(RowSet<Row> rows) {
        List<ConnectionView> views = new ArrayList<>();
        rows.forEach(row -> views.add(view(row)));
        return views;
    }

    private static ConnectionView view(Row row) {
        return new ConnectionView(
                row.getUUID("connection_id"),
                row.getString("tenant_id"),
                row.getString("external_id"),
                Provider.valueOf(row.getString("provider")),
                Region.valueOf(row.getString("region")),
                row.getInteger("generation"),
                List.of(row.getArrayOfStrings("marketplaces")),
                ViewState.valueOf(row.getString("state")),
                row.getBoolean("without_orders"));
    }
}
