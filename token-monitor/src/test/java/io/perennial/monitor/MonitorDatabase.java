package io.perennial.monitor;

import io.perennial.testsupport.TestDatabase;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import org.flywaydb.core.Flyway;

/** A migrated database of this service and a pool with the settings that the service runs with. */
public final class MonitorDatabase implements AutoCloseable {
    private static final String SETTINGS = "quarkus.datasource.reactive.additional-properties.";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Vertx vertx = Vertx.vertx();
    private final TestDatabase database;
    private final Pool pool;

    public MonitorDatabase(TestDatabase database) {
        this(database, "latest");
    }

    /** @param version as far as a former release had come */
    MonitorDatabase(TestDatabase database, String version) {
        this.database = database;
        migrate(version);
        this.pool = newPool();
    }

    void migrate(String version) {
        Flyway.configure()
                .dataSource(database.jdbcUrl(), database.user(), database.password())
                .locations("db/migration")
                .target(version)
                .load()
                .migrate();
    }

    public Pool pool() {
        return pool;
    }

    /** A pool of its own, as another replica has. */
    public Pool newPool() {
        PgConnectOptions options = PgConnectOptions.fromUri(database.reactiveUrl())
                .setUser(database.user())
                .setPassword(database.password());
        options.getProperties().putAll(serviceSettings());
        return Pool.newInstance(PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(4))
                .connectingTo(options)
                .using(vertx)
                .build());
    }

    public List<Row> query(String sql, Object... parameters) {
        List<Row> rows = new ArrayList<>();
        pool.preparedQuery(sql)
                .execute(Tuple.from(parameters))
                .await()
                .atMost(PATIENCE)
                .forEach(rows::add);
        return rows;
    }

    /** A connection of generation 1 that nothing was announced for. */
    public UUID watch(Instant endsAt) {
        UUID id = UUID.randomUUID();
        query(
                """
                insert into watched_connection (connection_id, tenant_id, external_id, provider, region, generation,
                    label, state, ends_at, ends_at_source, next_due_at, plan_sequence, changed_at)
                values ($1, 'acme', 'shop', 'AMAZON_SELLER', 'EU', 1, 'Shop', 'ACTIVE', $2, 'RULE',
                        $2 - interval '720 hours', 1, $2)
                """,
                id,
                endsAt.atOffset(ZoneOffset.UTC));
        return id;
    }

    /** Many connections whose ends lie evenly between two instants, with statistics as autovacuum would keep them. */
    public void watchMany(int count, Instant firstEnd, Instant lastEnd) {
        query(
                """
                insert into watched_connection (connection_id, tenant_id, external_id, provider, region, generation,
                    label, state, ends_at, ends_at_source, next_due_at, plan_sequence, changed_at)
                select gen_random_uuid(), 'tenant-' || n % 50, 'shop-' || n, 'AMAZON_SELLER', 'EU', 1, 'Shop ' || n,
                       'ACTIVE', e.ends_at, 'RULE', e.ends_at - interval '720 hours', 1, $2::timestamptz
                from generate_series(1, $1::int) n,
                     lateral (select $2::timestamptz + ($3::timestamptz - $2::timestamptz) * (n::float8 / $1::int))
                         as e(ends_at)
                order by random()
                """,
                count, firstEnd.atOffset(ZoneOffset.UTC), lastEnd.atOffset(ZoneOffset.UTC));
        query("vacuum analyze watched_connection");
    }

    @Override
    public void close() {
        pool.close().await().atMost(PATIENCE);
        vertx.close();
    }

    private static java.util.Map<String, String> serviceSettings() {
        Properties properties = new Properties();
        try (InputStream file = MonitorDatabase.class.getResourceAsStream("/application.properties")) {
            properties.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.stringPropertyNames().stream()
                .filter(name -> name.startsWith(SETTINGS))
                .collect(java.util.stream.Collectors.toMap(
                        name -> name.substring(SETTINGS.length()), properties::getProperty));
    }
}
