package io.perennial.bench.lab;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.perennial.clock.DomainClock;
import io.perennial.clock.MachineClock;
import io.perennial.service.Mode;
import io.vertx.core.Vertx;
import io.vertx.mutiny.pgclient.PgBuilder;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.util.UUID;

/** A database with the tables of fetch-orchestrator, and a pool of the kind that it has; its code runs in this process. */
public final class FetchTables implements AutoCloseable {
    public static final String DATABASE = "fetch";

    private final Pool pool;
    private final Vertx vertx;

    FetchTables(Pool pool, Vertx vertx) {
        this.pool = pool;
        this.vertx = vertx;
    }

    public static FetchTables create(Lab lab, int connections) {
        Migrations.create(lab, DATABASE, "fetch-orchestrator");
        Vertx vertx = lab.vertx();
        Pool pool = PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(connections))
                .connectingTo(PgConnectOptions.fromUri(lab.reactiveUrl(DATABASE))
                        .setUser(DATABASE)
                        .setPassword(lab.password())
                        .setCachePreparedStatements(true)
                        .addProperty("plan_cache_mode", "force_custom_plan"))
                .using(new io.vertx.mutiny.core.Vertx(vertx))
                .build();
        return new FetchTables(pool, vertx);
    }

    public Pool pool() {
        return pool;
    }

    /** The service's parts on these tables. Nobody publishes what they leave in the outbox. */
    public Wiring service() {
        MachineClock machine = new MachineClock();
        return new Wiring()
                .with(Pool.class, pool)
                .with(Vertx.class, vertx)
                .with(io.vertx.mutiny.core.Vertx.class, new io.vertx.mutiny.core.Vertx(vertx))
                .with(MeterRegistry.class, new SimpleMeterRegistry())
                .with(Mode.class, Mode.SANDBOX)
                .with(MachineClock.class, machine)
                .with(DomainClock.class, DomainClock.immovable(machine));
    }

    /** A connection that may be fetched. */
    public static void connection(Lab lab, UUID id, String tenant) {
        lab.execute(
                DATABASE,
                """
                insert into connection_view (connection_id, tenant_id, external_id, provider, region, generation, state,
                                             seen_sequence)
                values ('%s', '%s', 'shop-%s', 'AMAZON_SELLER', 'EU', 1, 'ACTIVE', 1)
                """
                        .formatted(id, tenant, id));
    }

    /** A fetch of a connection, leased under an epoch to whoever runs the benchmark. */
    public static void fetch(Lab lab, UUID id, UUID connection, String tenant, long epoch) {
        lab.execute(
                DATABASE,
                """
                insert into fetch_job (id, connection_id, tenant_id, reason, state, marketplaces, window_from, window_to,
                                       part_from, part_to, caused_at, requested_at, next_attempt_at, lease_epoch, priority)
                values ('%s', '%s', '%s', 'RENEWAL_GAP', 'RUNNING', '{*}', '2026-02-01Z', '2026-03-01Z', '2026-02-01Z',
                        '2026-03-01Z', '2026-03-01Z', '2026-03-01Z', '2026-03-01Z', %d, 0)
                """
                        .formatted(id, connection, tenant, epoch));
    }

    @Override
    public void close() {
        pool.closeAndAwait();
    }
}
