package io.perennial.fetch.erasure;

import static java.time.ZoneOffset.UTC;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.perennial.clock.DomainClock;
import io.perennial.contracts.EventType;
import io.perennial.fetch.batch.BatchProgress;
import io.perennial.fetch.connectionview.ConnectionView;
import io.perennial.fetch.connectionview.ConnectionViews;
import io.perennial.fetch.loadstatus.LoadMonths;
import io.perennial.fetch.orders.OrderDigests;
import io.perennial.fetch.profiles.ChosenProfiles;
import io.perennial.fetch.watermark.CoverageStore;
import io.perennial.outbox.Outbox;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;

/** The erasures that are under way, batch by batch. */
@ApplicationScoped
public class Erasures {
    // The database has noted it already, without a time of the domain clock.
    private static final String BEGIN =
            """
            insert into erasure as e (connection_id, requested_at) values ($1, $2)
            on conflict (connection_id) do update set requested_at = excluded.requested_at
            where e.requested_at = '-infinity'
            """;
    private static final String NEXT =
            """
            select connection_id, position from erasure where completed_at is null
            order by orders, requested_at limit 1 for update skip locked
            """;
    private static final String ADVANCE =
            "update erasure set position = $2, orders = orders + $3 where connection_id = $1";
    private static final String COMPLETE = "update erasure set completed_at = $2 where connection_id = $1";
    private static final String FORGET_LAG = "update connection_view set covered_until = null where connection_id = $1";
    /** Batches that may wait to be published: renewals and pages stand behind no more than these. */
    private static final int MOST_WAITING = 5;

    private final Pool pool;
    private final ConnectionViews views;
    private final OrderDigests digests;
    private final CoverageStore coverage;
    private final LoadMonths months;
    private final ChosenProfiles profiles;
    private final Outbox outbox;
    private final ErasureConfig config;
    private final DomainClock clock;
    private final Counter erased;

    Erasures(
            Pool pool,
            ConnectionViews views,
            OrderDigests digests,
            CoverageStore coverage,
            LoadMonths months,
            ChosenProfiles profiles,
            Outbox outbox,
            ErasureConfig config,
            DomainClock clock,
            MeterRegistry meters) {
        this.pool = pool;
        this.views = views;
        this.digests = digests;
        this.coverage = coverage;
        this.months = months;
        this.profiles = profiles;
        this.outbox = outbox;
        this.config = config;
        this.clock = clock;
        this.erased = Counter.builder("perennial.fetch.erased")
                .description("Orders of connections that were given up, taken back by a tombstone")
                .register(meters);
    }

    private record Open(UUID connection, String position) {}

    /** From now on what was fetched of the connection is taken back. Its fetches must end in the same transaction. */
    public Uni<Void> begin(SqlConnection tx, ConnectionView view) {
        return tx.preparedQuery(BEGIN)
                .execute(Tuple.of(view.id(), clock.instant().atOffset(UTC)))
                .replaceWithVoid();
    }

    /** One batch, of the erasure that has come least far and that no other replica works on. */
    Uni<BatchProgress> next() {
        int most = MOST_WAITING * config.batch();
        return pool.withTransaction(tx -> tx.preparedQuery(NEXT)
                .execute()
                .chain(rows -> rows.rowCount() == 0
                        ? Uni.createFrom().item(BatchProgress.NOTHING_OPEN)
                        : outbox.waiting(tx, most)
                                .chain(waiting -> waiting >= most
                                        ? Uni.createFrom().item(BatchProgress.HELD_BACK)
                                        : batch(tx, open(rows)))));
    }

    private Uni<BatchProgress> batch(SqlConnection tx, Open open) {
        return views.lock(tx, List.of(open.connection()))
                .chain(locked -> eraseOrders(tx, open))
                .replaceWith(BatchProgress.BATCH);
    }

    private static Open open(RowSet<Row> rows) {
        Row row = rows.iterator().next();
        return new Open(row.getUUID("connection_id"), row.getString("position"));
    }

    private Uni<Void> eraseOrders(SqlConnection tx, Open open) {
        return digests.erase(tx, open.connection(), open.position(), config.batch())
                .chain(orders -> orders.isEmpty() ? eraseRest(tx, open) : tell(tx, open, orders));
    }

    private Uni<Void> tell(SqlConnection tx, Open open, List<String> orders) {
        UUID connection = open.connection();
        List<String> keys =
                orders.stream().map(order -> connection + ":" + order).toList();
        return views.nextSequences(tx, List.of(connection), keys.size())
                .chain(last -> outbox.appendTombstones(
                        tx,
                        EventType.ORDER_FETCHED,
                        keys,
                        connection,
                        clock.instant().atOffset(UTC),
                        last.getOrDefault(connection, 0L) - keys.size() + 1))
                .chain(() -> tx.preparedQuery(ADVANCE)
                        .execute(Tuple.of(connection, orders.get(orders.size() - 1), (long) orders.size())))
                .invoke(() -> erased.increment(orders.size()))
                .replaceWithVoid();
    }

    private Uni<Void> eraseRest(SqlConnection tx, Open open) {
        return digests.eraseSetAside(tx, open.connection(), config.batch())
                .chain(erasedRows ->
                        erasedRows == config.batch() ? Uni.createFrom().voidItem() : complete(tx, open.connection()));
    }

    private Uni<Void> complete(SqlConnection tx, UUID connection) {
        return coverage.erase(tx, connection)
                .chain(() -> months.erase(tx, connection))
                .chain(() -> profiles.erase(tx, connection))
                .chain(() -> tx.preparedQuery(FORGET_LAG).execute(Tuple.of(connection)))
                .chain(() -> tx.preparedQuery(COMPLETE)
                        .execute(Tuple.of(connection, clock.instant().atOffset(UTC))))
                .replaceWithVoid();
    }
}
