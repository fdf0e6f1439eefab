package io.perennial.fetch;

import io.perennial.testsupport.PerennialPostgres;
import io.perennial.testsupport.TestDatabase;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.pgclient.PgBuilder;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;

/** An empty database with this service's tables, and a pool of the kind that the service has. */
public final class MigratedDatabase implements AutoCloseable {
    private static final String HANGING =
            "select %s from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'";

    private final TestDatabase database;
    private final Vertx vertx = Vertx.vertx();
    private final Pool pool;

    public MigratedDatabase(String name) {
        this(name, "latest");
    }

    /** @param version as far as a former release had come */
    MigratedDatabase(String name, String version) {
        database = PerennialPostgres.shared().database(name);
        migrate(version);
        pool = PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(8))
                .connectingTo(PgConnectOptions.fromUri(database.reactiveUrl())
                        .setUser(database.user())
                        .setPassword(database.password()))
                .using(new io.vertx.mutiny.core.Vertx(vertx))
                .build();
    }

    void migrate(String version) {
        Flyway.configure()
                .dataSource(database.jdbcUrl(), database.user(), database.password())
                .locations("classpath:db/migration")
                .target(version)
                .load()
                .migrate();
    }

    public Pool pool() {
        return pool;
    }

    public void execute(String sql, Object... parameters) {
        try (Connection connection = database.connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            statement.execute();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public List<String> texts(String sql) {
        try (Connection connection = database.connect();
                ResultSet rows = connection.createStatement().executeQuery(sql)) {
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a statement reads, which is the same on every machine. */
    public long buffers(String sql, Tuple values) {
        Object answer = pool.preparedQuery("explain (analyze, buffers, format json) " + sql)
                .execute(values)
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getValue(0);
        JsonArray plans = answer instanceof JsonArray array ? array : new JsonArray(String.valueOf(answer));
        JsonObject plan = plans.getJsonObject(0).getJsonObject("Plan");
        return plan.getLong("Shared Hit Blocks") + plan.getLong("Shared Read Blocks");
    }

    /** The first update of that kind is never answered. */
    public void hangOnce(String table, String when) {
        execute("create sequence hangs");
        execute(
                """
                create function hang() returns trigger language plpgsql as $$
                begin
                    if nextval('hangs') = 1 then
                        perform pg_sleep(3600);
                    end if;
                    return new;
                end $$
                """);
        execute("create trigger hang before update on " + table + " for each row when (" + when
                + ") execute function hang()");
    }

    /** How many wait for such an answer. */
    public int hanging() {
        return Integer.parseInt(texts(HANGING.formatted("count(*)")).get(0));
    }

    public void endOfHanging() {
        texts(HANGING.formatted("pg_terminate_backend(pid)"));
    }

    @Override
    public void close() {
        pool.closeAndAwait();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
