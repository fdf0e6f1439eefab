package io.perennial.bench.expiry;

import io.perennial.bench.lab.Lab;
import io.perennial.bench.lab.Migrations;
import io.perennial.launcher.LauncherException;
import io.vertx.mutiny.pgclient.PgBuilder;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Properties;

/** Databases of token-monitor with connections in them, and sessions with the settings that the service runs with. */
final class Watched {
    private static final String SERVICE = "token-monitor";
    private static final String SETTINGS = "quarkus.datasource.reactive.additional-properties.";

    private final Lab lab;
    private final String database;

    private Watched(Lab lab, String database) {
        this.lab = lab;
        this.database = database;
    }

    static Watched create(Lab lab, String database) {
        Migrations.create(lab, database, SERVICE);
        return new Watched(lab, database);
    }

    /** One whose tables exist already. */
    static Watched of(Lab lab, String database) {
        return new Watched(lab, database);
    }

    String database() {
        return database;
    }

    /**
     * Watches so many connections more, whose first stages are due at even intervals from one instant to another. Their rows
     * lie in no order of time, as after a year of renewals.
     */
    Watched watch(int count, Instant first, Instant last) {
        lab.execute(
                database,
                """
                insert into watched_connection (connection_id, tenant_id, external_id, provider, region, generation,
                    label, state, ends_at, ends_at_source, next_due_at, plan_sequence, changed_at)
                select gen_random_uuid(), 'tenant-' || n %% 50, 'shop-' || n, 'AMAZON_SELLER', 'EU', 1, 'Shop ' || n,
                       'ACTIVE', due.at + interval '720 hours', 'RULE', due.at, 1, timestamptz '%2$s' - interval '1 year'
                from generate_series(1, %1$d) n,
                     lateral (select timestamptz '%2$s' + (timestamptz '%3$s' - timestamptz '%2$s') * (n::float8 / %1$d))
                         as due(at)
                order by hashtext(n::text)
                """
                        .formatted(count, first, last),
                "vacuum analyze");
        return this;
    }

    /** From now on {@link #restore} leads back to this moment. */
    Watched keep() {
        lab.keep(database);
        return this;
    }

    void restore() {
        lab.restore(database);
    }

    void settle() {
        lab.settle(database);
    }

    /** One session, as the loop uses it. */
    Pool session() {
        PgConnectOptions options = PgConnectOptions.fromUri(lab.reactiveUrl(database))
                .setUser(database)
                .setPassword(lab.password());
        Properties settings = new Properties();
        try (Reader file = Files.newBufferedReader(
                lab.root().resolve(SERVICE).resolve("src/main/resources/application.properties"))) {
            settings.load(file);
        } catch (IOException e) {
            throw new LauncherException("can not read the settings of " + SERVICE + ": " + e.getMessage(), e);
        }
        settings.stringPropertyNames().stream()
                .filter(name -> name.startsWith(SETTINGS))
                .forEach(name ->
                        options.getProperties().put(name.substring(SETTINGS.length()), settings.getProperty(name)));
        return PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(1))
                .connectingTo(options)
                .using(new io.vertx.mutiny.core.Vertx(lab.vertx()))
                .build();
    }

    long announced() {
        return lab.count(database, "select count(*) from outbox");
    }
}
