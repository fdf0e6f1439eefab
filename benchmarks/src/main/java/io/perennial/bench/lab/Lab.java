package io.perennial.bench.lab;

import io.perennial.bench.measure.Arm;
import io.perennial.bench.measure.Gauges;
import io.perennial.contracts.Topics;
import io.perennial.launcher.LauncherException;
import io.perennial.launcher.kafka.KafkaProcess;
import io.perennial.launcher.kafka.KafkaSettings;
import io.perennial.launcher.kafka.KafkaTopics;
import io.perennial.launcher.postgres.PostgresProcess;
import io.perennial.launcher.postgres.PostgresSettings;
import io.perennial.launcher.process.DirectoryTree;
import io.perennial.launcher.process.LoopbackPort;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The parts of one benchmark: a database server at once, a broker, an issuer, Amazon's stand-in and services when they are
 * asked for. Random ports, an empty directory; closing ends everything and deletes the directory.
 */
public final class Lab implements AutoCloseable, Gauges {
    /** Durable as in production, large enough for the work at hand, and with the extension that counts statements. */
    public static final Map<String, String> POSTGRES = Map.of(
            "shared_buffers", "256MB",
            "max_wal_size", "4GB",
            "checkpoint_timeout", "30min",
            "autovacuum", "off",
            "shared_preload_libraries", "pg_stat_statements",
            "pg_stat_statements.max", "1000",
            "pg_stat_statements.track_planning", "on");

    private final Path root;
    private final Path directory;
    private final String password = UUID.randomUUID().toString().replace("-", "");
    private final PostgresProcess postgres;
    private final Connection superuser;
    private final Vertx vertx = Vertx.vertx();
    private final List<Service> services = new ArrayList<>();
    private @Nullable KafkaProcess kafka;
    private @Nullable Issuer issuer;
    private @Nullable FakeAmazon amazon;

    private Lab(Path root, Path directory, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(POSTGRES);
        settings.putAll(more);
        this.root = root;
        this.directory = directory;
        DirectoryTree.delete(directory);
        this.postgres = PostgresProcess.start(new PostgresSettings(
                directory.resolve("postgres"),
                LoopbackPort.free(),
                password,
                log("postgres"),
                record("postgres"),
                settings));
        try {
            this.superuser = postgres.connect(PostgresProcess.SUPERUSER, password, PostgresProcess.SUPERUSER);
            execute(superuser, "create extension pg_stat_statements");
        } catch (SQLException e) {
            postgres.stop();
            throw new LauncherException("the database server of the benchmark does not work: " + e.getMessage(), e);
        }
    }

    /**
     * @param root the checkout with the packaged services
     * @param directory emptied first, deleted in the end
     * @param postgres settings of the database server beside {@link #POSTGRES}
     */
    public static Lab open(Path root, Path directory, Map<String, String> postgres) {
        return new Lab(
                root.toAbsolutePath().normalize(), directory.toAbsolutePath().normalize(), postgres);
    }

    public Path root() {
        return root;
    }

    public Vertx vertx() {
        return vertx;
    }

    Path directory() {
        return directory;
    }

    /** A directory for the files of a benchmark; gone afterwards. */
    public Path newDirectory(String name) {
        try {
            return Files.createDirectories(directory.resolve(name));
        } catch (IOException e) {
            throw new LauncherException("can not create " + name + ": " + e.getMessage(), e);
        }
    }

    Path log(String name) {
        return directory.resolveSibling("bench-logs").resolve(name + ".log");
    }

    Path record(String name) {
        return directory.resolve("run").resolve(name + ".json");
    }

    /** Password of every role. */
    public String password() {
        return password;
    }

    public int postgresPort() {
        return postgres.port();
    }

    /** A new database with a role of the same name. */
    public void createDatabase(String name) {
        postgres.createDatabases(Map.of(name, password));
    }

    /** Lets a database's role read the server's log. */
    public void allowReplication(String name) {
        try {
            execute(superuser, "alter role " + name + " replication");
        } catch (SQLException e) {
            throw new LauncherException("role " + name + " may not replicate: " + e.getMessage(), e);
        }
    }

    /** A session with the rights of a database's role. */
    public Connection connect(String database) throws SQLException {
        return postgres.connect(database, password, database);
    }

    /** Keeps a database as it is now, for {@link #restore}; nobody may be in it. */
    public void keep(String database) {
        settle(database);
        execute(superuser, "database " + database, "alter database " + database + " rename to " + database + "_kept");
    }

    /** Puts a database back to what was kept, with all its pages on the disk. Whoever is in it is thrown out. */
    public void restore(String database) {
        execute(
                superuser,
                "database " + database,
                "drop database if exists " + database + " with (force)",
                "create database " + database + " template " + database + "_kept owner " + database
                        + " strategy file_copy");
    }

    /** Runs statements, one after the other, with the rights of a database's role. */
    public void execute(String database, String... statements) {
        try (Connection connection = connect(database)) {
            execute(connection, "a statement in database " + database, statements);
        } catch (SQLException e) {
            throw new LauncherException("database " + database + " can not be entered: " + e.getMessage(), e);
        }
    }

    private static void execute(Connection connection, String what, String... statements) {
        try {
            for (String statement : statements) {
                execute(connection, statement);
            }
        } catch (SQLException e) {
            throw new LauncherException(what + " failed: " + e.getMessage(), e);
        }
    }

    /** The one number that a query gives. */
    public long count(String database, String query) {
        try (Connection connection = connect(database)) {
            return (long) number(connection, query);
        } catch (SQLException e) {
            throw new LauncherException("a query in database " + database + " failed: " + e.getMessage(), e);
        }
    }

    /** The one number that a query of the server's own views gives. */
    public double ask(String query) {
        try {
            return number(superuser, query);
        } catch (SQLException e) {
            throw new LauncherException("a query failed: " + e.getMessage(), e);
        }
    }

    /** So many statements in one round trip. */
    void ask(String query, int times) {
        try {
            execute(superuser, (query + ";").repeat(times));
        } catch (SQLException e) {
            throw new LauncherException("a query failed: " + e.getMessage(), e);
        }
    }

    /** Leaves no dead rows and no dirty pages of one cell to the next. */
    public void settle(String database) {
        execute(database, "vacuum");
        try {
            execute(superuser, "checkpoint");
        } catch (SQLException e) {
            throw new LauncherException("no checkpoint: " + e.getMessage(), e);
        }
    }

    /** Writes down what the statements of a database cost since {@link #forgetStatements}, dearest first. */
    public void listStatements(String database, long items) {
        List<String> lines = new ArrayList<>(List.of("each item: calls, ms to plan, ms to run, buffers, statement"));
        try (PreparedStatement query = superuser.prepareStatement(
                """
                select calls, total_plan_time, total_exec_time, shared_blks_hit + shared_blks_read,
                       regexp_replace(query, '\\s+', ' ', 'g')
                  from pg_stat_statements s join pg_database d on d.oid = s.dbid
                 where d.datname = ? order by total_plan_time + total_exec_time desc
                """)) {
            query.setString(1, database);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    lines.add(String.format(
                            Locale.ROOT,
                            "%7.2f %7.3f %7.3f %7.1f  %s",
                            rows.getDouble(1) / items,
                            rows.getDouble(2) / items,
                            rows.getDouble(3) / items,
                            rows.getDouble(4) / items,
                            rows.getString(5)));
                }
            }
            Files.write(log(database + "-statements"), lines);
        } catch (SQLException | IOException e) {
            throw new LauncherException("the statements can not be listed: " + e.getMessage(), e);
        }
    }

    public void forgetStatements() {
        ask("select extract(epoch from pg_stat_statements_reset())");
    }

    /** The broker with the topics of the contract. */
    public synchronized KafkaProcess kafka() {
        if (kafka == null) {
            kafka = KafkaProcess.start(new KafkaSettings(
                    directory.resolve("kafka"), LoopbackPort.free(), log("kafka"), record("kafka"), Map.of()));
            KafkaTopics.create(
                    kafka.bootstrapServers(),
                    Topics.all().stream()
                            .map(topic -> new KafkaTopics.Topic(topic.name(), topic.partitions(), topic.configs()))
                            .toList());
        }
        return kafka;
    }

    /** The issuer of bearer tokens. */
    public synchronized Issuer issuer() {
        if (issuer == null) {
            issuer = Issuer.start();
        }
        return issuer;
    }

    /** Amazon's stand-in for benchmarks: always the same answers, and never the bottleneck. */
    public synchronized FakeAmazon amazon() {
        if (amazon == null) {
            amazon = FakeAmazon.start(vertx);
        }
        return amazon;
    }

    /** More options for the JVM of each service: a flight recording for example. */
    List<String> jvmOptions(String service) {
        String options = System.getenv().getOrDefault("PERENNIAL_BENCH_JVM", "");
        return options.isBlank()
                ? List.of()
                : List.of(options.replace("{service}", service).strip().split(" +"));
    }

    /** The address of a database for the Vert.x client. */
    public String reactiveUrl(String database) {
        return "postgresql://" + LoopbackPort.HOST + ":" + postgres.port() + "/" + database;
    }

    Service started(Service service) {
        services.add(service);
        service.awaitReady(Duration.ofSeconds(90));
        return service;
    }

    @Override
    public Map<String, Double> totals(Arm arm) {
        Map<String, Double> totals = new HashMap<>();
        if (!arm.database().isEmpty()) {
            totals.put("statements", ofDatabase("sum(calls)", arm.database()));
            totals.put("buffers", ofDatabase("sum(shared_blks_hit + shared_blks_read)", arm.database()));
            totals.put("execution_ms", ofDatabase("sum(total_exec_time)", arm.database()));
            totals.put("wal_bytes", ask("select pg_current_wal_insert_lsn() - '0/0'"));
            totals.put(
                    "database_cpu_ms",
                    CpuTime.ofFamily(postgres.process().pid()).toMillis() * 1.0);
        }
        if (kafka != null) {
            totals.put("broker_cpu_ms", CpuTime.of(kafka.process().pid()).toMillis() * 1.0);
        }
        if (!arm.processes().isEmpty()) {
            totals.put(
                    "service_cpu_ms",
                    arm.processes().stream()
                            .mapToDouble(pid -> CpuTime.of(pid).toMillis())
                            .sum());
        }
        return totals;
    }

    private double ofDatabase(String sum, String database) {
        return ask("select coalesce(" + sum + ", 0) from pg_stat_statements s join pg_database d on d.oid = s.dbid"
                + " where d.datname = '" + database + "'");
    }

    private static double number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            if (!rows.next()) {
                throw new SQLException("no row");
            }
            return rows.getDouble(1);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        services.forEach(Service::stop);
        if (kafka != null) {
            kafka.stop();
        }
        if (issuer != null) {
            issuer.stop();
        }
        try {
            vertx.close().toCompletionStage().toCompletableFuture().join();
            superuser.close();
        } catch (SQLException e) {
            // It ends with the server.
        } finally {
            postgres.stop();
            DirectoryTree.delete(directory);
        }
    }
}
