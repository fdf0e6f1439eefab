package io.perennial.auth.authorization.guard;

import io.perennial.clock.DomainClock;
import io.perennial.contracts.FetchCompleted;
import io.perennial.contracts.SampleOrder;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One order of each account that was fetched with a former grant. */
@ApplicationScoped
public class KnownOrders {
    private static final Pattern ORDER_ID = Pattern.compile("[0-9]{3}-[0-9]{7}-[0-9]{7}");

    private final Pool pool;
    private final GuardConfig config;
    private final DomainClock clock;

    KnownOrders(Pool pool, GuardConfig config, DomainClock clock) {
        this.pool = pool;
        this.config = config;
        this.clock = clock;
    }

    /** An order that a grant of the connection's account can read; null if none is known that is young enough. */
    public Uni<@Nullable String> of(UUID connectionId) {
        return pool.preparedQuery("select order_id from known_order where connection_id = $1 and created_at > $2")
                .execute(Tuple.of(
                        connectionId, clock.instant().minus(config.orderLife()).atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.size() == 0 ? null : rows.iterator().next().getString(0));
    }

    /** Keeps the youngest order of each connection; a slightly younger one is not worth a write. */
    Uni<Void> note(SqlConnection transaction, Collection<FetchCompleted> fetches) {
        Map<UUID, FetchCompleted> youngest = new TreeMap<>();
        for (FetchCompleted fetch : fetches) {
            if (usable(fetch.sampleOrder())) {
                youngest.merge(fetch.about().connectionId(), fetch, (a, b) -> later(a, b) ? a : b);
            }
        }
        if (youngest.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        List<FetchCompleted> known = List.copyOf(youngest.values());
        return transaction
                .preparedQuery(
                        """
                        insert into known_order as k (connection_id, order_id, created_at)
                        select c.id, o.order_id, o.created_at
                          from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[])
                               as o(connection_id, tenant_id, order_id, created_at)
                          join connection c on c.id = o.connection_id and c.tenant_id = o.tenant_id
                        on conflict (connection_id) do update
                           set order_id = excluded.order_id, created_at = excluded.created_at
                         where k.created_at < excluded.created_at - interval '7 days'
                        """)
                .execute(Tuple.of(
                        known.stream()
                                .map(fetch -> fetch.about().connectionId())
                                .toArray(UUID[]::new),
                        known.stream().map(fetch -> fetch.about().tenantId()).toArray(String[]::new),
                        known.stream().map(fetch -> sample(fetch).orderId()).toArray(String[]::new),
                        known.stream()
                                .map(fetch -> sample(fetch).createdAt().atOffset(ZoneOffset.UTC))
                                .toArray(OffsetDateTime[]::new)))
                .replaceWithVoid();
    }

    private static boolean usable(@Nullable SampleOrder sample) {
        return sample != null && ORDER_ID.matcher(sample.orderId()).matches();
    }

    private static boolean later(FetchCompleted a, FetchCompleted b) {
        return sample(a).createdAt().isAfter(sample(b).createdAt());
    }

    private static SampleOrder sample(FetchCompleted fetch) {
        return Objects.requireNonNull(fetch.sampleOrder());
    }
}
