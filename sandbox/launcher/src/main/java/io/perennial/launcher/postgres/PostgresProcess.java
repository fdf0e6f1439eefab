package io.perennial.launcher.postgres;

import io.perennial.launcher.LauncherException;
import io.perennial.launcher.process.DirectoryTree;
import io.perennial.launcher.process.LoopbackPort;
import io.perennial.launcher.process.OwnedProcess;
import io.perennial.launcher.process.ProcessSpec;
import io.perennial.launcher.process.Signal;
import io.perennial.launcher.process.Waiting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.postgresql.Driver;

/**
 * A PostgreSQL server as a process of its own.
 *
 * <ul>
 *   <li>Loopback only, password by SCRAM, a role may enter only the database of its own name.
 *   <li>Survives the JVM that started it; its data survive everything but {@code reset}.
 *   <li>As root it runs in a user namespace, because PostgreSQL refuses to be root.
 * </ul>
 */
public final class PostgresProcess {

    public static final String SUPERUSER = "postgres";

    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(20);
    private static final String LEFTOVER_MEMORY = "pre-existing shared memory block";

    private final PostgresSettings settings;
    private final OwnedProcess process;

    private PostgresProcess(PostgresSettings settings, OwnedProcess process) {
        this.settings = settings;
        this.process = process;
    }

    /** Starts the server, creating the cluster first where there is none, and returns when it answers. */
    public static PostgresProcess start(PostgresSettings settings) {
        LoopbackPort.requireFree(settings.port(), "PostgreSQL");
        Path binaries = PostgresBinaries.unpackedIn(cache());
        createClusterOnce(settings, binaries);
        PostgresProcess server = launch(settings, binaries);
        try {
            return server.started(binaries);
        } catch (LauncherException e) {
            OwnedProcess.recorded(settings.record()).ifPresent(OwnedProcess::discard);
            throw e;
        }
    }

    private PostgresProcess started(Path binaries) {
        PostgresProcess server = this;
        if (!server.answers()) {
            // backends of a killed server hold its memory until they notice that they are orphans
            if (!String.join("\n", server.process.lastLines(5)).contains(LEFTOVER_MEMORY)) {
                throw server.failedToStart();
            }
            Waiting.until(Duration.ofSeconds(2), () -> false);
            server = launch(settings, binaries);
            if (!server.answers()) {
                throw server.failedToStart();
            }
        }
        return server;
    }

    public OwnedProcess process() {
        return process;
    }

    public int port() {
        return settings.port();
    }

    /** Makes a role and a database of that name that only this role may enter; what exists is left as it is. */
    public void createDatabases(Map<String, String> passwordByName) {
        try (Connection connection = connect(SUPERUSER, settings.superuserPassword(), SUPERUSER)) {
            for (Map.Entry<String, String> entry : passwordByName.entrySet()) {
                Databases.create(connection, entry.getKey(), entry.getValue());
            }
        } catch (SQLException e) {
            throw new LauncherException("can not create the databases: " + e.getMessage(), e);
        }
    }

    public Connection connect(String user, String password, String database) throws SQLException {
        return connect(settings.port(), user, password, database);
    }

    /** A plain connection that needs no registered driver, so it works under any class loader. */
    public static Connection connect(int port, String user, String password, String database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("connectTimeout", "5");
        Connection connection = new Driver()
                .connect("jdbc:postgresql://" + LoopbackPort.HOST + ":" + port + "/" + database, properties);
        if (connection == null) {
            throw new SQLException("the driver did not accept its own address");
        }
        return connection;
    }

    /** Ends sessions, writes a checkpoint, and returns when the server is gone. */
    public void stop() {
        stop(process);
    }

    public static void stop(OwnedProcess server) {
        server.stop(Signal.INT, STOP);
    }

    private static PostgresProcess launch(PostgresSettings settings, Path binaries) {
        List<String> command = new ArrayList<>(RootEscape.prefix());
        command.add(binaries.resolve("bin/postgres").toString());
        command.addAll(List.of("-D", settings.directory().toAbsolutePath().toString()));
        command.addAll(List.of("-p", Integer.toString(settings.port())));
        settings.serverParameters().forEach((key, value) -> command.addAll(List.of("-c", key + "=" + value)));
        OwnedProcess process = OwnedProcess.start(new ProcessSpec(
                "postgres", command, settings.directory(), Map.of(), settings.log(), settings.record()));
        return new PostgresProcess(settings, process);
    }

    private boolean answers() {
        Waiting.until(START, () -> !process.alive() || acceptsSessions());
        return process.alive() && acceptsSessions();
    }

    private boolean acceptsSessions() {
        if (!LoopbackPort.accepts(settings.port())) {
            return false;
        }
        try (Connection connection = connect(SUPERUSER, settings.superuserPassword(), SUPERUSER)) {
            return connection.isValid(2);
        } catch (SQLException e) {
            return false;
        }
    }

    private LauncherException failedToStart() {
        String last = String.join(" | ", process.lastLines(3));
        return new LauncherException("PostgreSQL did not start; log " + settings.log() + ": " + last);
    }

    /** A cluster appears complete or not at all, so that a start that was interrupted can simply be repeated. */
    private static void createClusterOnce(PostgresSettings settings, Path binaries) {
        if (Files.exists(settings.directory().resolve("PG_VERSION"))) {
            return;
        }
        Path directory = settings.directory().toAbsolutePath();
        Path unfinished = directory.resolveSibling(directory.getFileName() + ".unfinished");
        Path password = directory.resolveSibling(directory.getFileName() + ".password");
        try {
            DirectoryTree.delete(unfinished);
            DirectoryTree.delete(directory);
            Files.createDirectories(directory.getParent());
            PrivateFile.write(password, settings.superuserPassword());
            initialize(binaries, unfinished, password);
            Files.writeString(unfinished.resolve("pg_hba.conf"), "host sameuser all 127.0.0.1/32 scram-sha-256\n");
            Files.move(unfinished, directory, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new LauncherException(
                    "can not create the PostgreSQL cluster in " + directory + ": " + e.getMessage(), e);
        } finally {
            DirectoryTree.delete(password);
        }
    }

    private static void initialize(Path binaries, Path directory, Path passwordFile) throws IOException {
        List<String> command = new ArrayList<>(RootEscape.prefix());
        command.addAll(List.of(
                binaries.resolve("bin/initdb").toString(),
                "-D",
                directory.toString(),
                "-U",
                SUPERUSER,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--locale=C.UTF-8",
                "--no-instructions"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("TZ", "UTC");
        Process initdb = builder.start();
        initdb.getOutputStream().close();
        String output = new String(initdb.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (initdb.waitFor() != 0) {
                throw new IOException(output.strip().replace('\n', ' '));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException("interrupted while creating the PostgreSQL cluster", e);
        }
    }

    private static Path cache() {
        String configured = System.getenv("XDG_CACHE_HOME");
        Path base = configured == null || configured.isBlank()
                ? Path.of(System.getProperty("user.home"), ".cache")
                : Path.of(configured);
        return base.resolve("perennial");
    }
}
