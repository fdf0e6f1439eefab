package io.perennial.fetch.orders;

import static java.time.ZoneOffset.UTC;

import io.perennial.contracts.OrderChange;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Remembers what was published of each order, so that a page read twice is published once. */
@ApplicationScoped
public class OrderDigests {
    // xmax is 0 only in a row that this statement inserted. An older state of an order never replaces a newer one. A
    // report
    // tells times in seconds, and less than a search: of the same time it replaces nothing.
    private static final String RECORD =
            """
            insert into order_digest as d (connection_id, order_id, digest, updated_at)
            select $1, order_id, digest, updated_at
            from unnest($2::text[], $3::uuid[], $4::timestamptz[]) as o(order_id, digest, updated_at)
            on conflict (connection_id, order_id) do update
            set digest = excluded.digest, updated_at = excluded.updated_at
            where d.digest <> excluded.digest
              and case when $5 then date_trunc('second', d.updated_at) < excluded.updated_at
                       else d.updated_at <= excluded.updated_at end
            returning order_id, xmax = 0 as inserted
            """;
    private static final String SET_ASIDE =
            """
            insert into order_set_aside (connection_id, fetch_id, order_id, reason, set_aside_at)
            select $1, $2, order_id, reason, $5::timestamptz
            from unnest($3::text[], $4::text[]) as o(order_id, reason)
            on conflict do nothing
            """;

    private static final String ERASE =
            """
            with gone as (
                delete from order_digest
                where connection_id = $1 and order_id = any(array(
                    select order_id from order_digest
                    where connection_id = $1 and order_id > $2 order by order_id limit $3))
                returning order_id)
            select order_id from gone order by order_id
            """;
    private static final String ERASE_SET_ASIDE =
            """
            delete from order_set_aside
            where id = any(array(select id from order_set_aside where connection_id = $1 limit $2))
            """;

    /**
     * Records orders, each id once; those that are not in the answer are unchanged.
     *
     * @param reported whether they are from a report: then what a search has told of the same update time stands
     */
    public Uni<Map<String, OrderChange>> record(
            SqlConnection tx, UUID connection, List<SellerOrder> orders, boolean reported) {
        if (orders.isEmpty()) {
            return Uni.createFrom().item(Map.of());
        }
        Tuple values = Tuple.of(
                connection,
                orders.stream().map(SellerOrder::orderId).toArray(String[]::new),
                orders.stream().map(SellerOrder::digest).toArray(UUID[]::new),
                orders.stream().map(o -> o.updatedAt().atOffset(UTC)).toArray(OffsetDateTime[]::new),
                reported);
        return tx.preparedQuery(RECORD).execute(values).map(rows -> {
            Map<String, OrderChange> changes = new HashMap<>();
            rows.forEach(
                    row -> changes.put(row.getString(0), row.getBoolean(1) ? OrderChange.NEW : OrderChange.UPDATED));
            return changes;
        });
    }

    /** Whether an order of the connection was ever published. */
    public Uni<Boolean> any(SqlConnection tx, UUID connection) {
        return tx.preparedQuery("select exists (select from order_digest where connection_id = $1)")
                .execute(Tuple.of(connection))
                .map(rows -> rows.iterator().next().getBoolean(0));
    }

    /** Notes orders that could not be read. The same one again in the same fetch is noted once. */
    public Uni<Integer> setAside(
            SqlConnection tx, UUID connection, UUID fetch, List<SetAsideOrder> orders, OffsetDateTime at) {
        if (orders.isEmpty()) {
            return Uni.createFrom().item(0);
        }
        Tuple values = Tuple.of(
                connection,
                fetch,
                orders.stream().map(SetAsideOrder::orderId).toArray(String[]::new),
                orders.stream().map(SetAsideOrder::reason).toArray(String[]::new),
                at);
        return tx.preparedQuery(SET_ASIDE).execute(values).map(rows -> rows.rowCount());
    }

    /** Forgets the next orders of the connection after one of them, in the order of their ids, and names them. */
    public Uni<List<String>> erase(SqlConnection tx, UUID connection, String after, int limit) {
        return tx.preparedQuery(ERASE)
                .execute(Tuple.of(connection, after, limit))
                .map(rows -> {
                    List<String> orders = new ArrayList<>();
                    rows.forEach(row -> orders.add(row.getString(0)));
                    return orders;
                });
    }

    /** Forgets orders of the connection that could not be read; tells how many. */
    public Uni<Integer> eraseSetAside(SqlConnection tx, UUID connection, int limit) {
        return tx.preparedQuery(ERASE_SET_ASIDE)
                .execute(Tuple.of(connection, limit))
                .map(rows -> rows.rowCount());
    }
}
