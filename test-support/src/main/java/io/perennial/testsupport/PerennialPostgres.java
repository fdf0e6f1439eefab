package io.perennial.testsupport;

import io.perennial.launcher.postgres.Databases;
import io.perennial.launcher.postgres.PostgresProcess;
import io.perennial.launcher.postgres.PostgresSettings;
import io.perennial.launcher.process.LoopbackPort;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/**
 * The PostgreSQL server of this JVM. Its sessions live in a time zone that nobody expects, so that a query that relies
 * on the session's zone fails here rather than at a customer's.
 */
public final class PerennialPostgres {

    static final String TIME_ZONE = "Asia/Kathmandu";

    private static final String SUPERUSER_PASSWORD = "perennial-test-superuser";
    private static final String PASSWORD = "perennial-test";

    private final String host;
    private final int port;

    private PerennialPostgres(String address) {
        int colon = address.lastIndexOf(':');
        this.host = address.substring(0, colon);
        this.port = Integer.parseInt(address.substring(colon + 1));
    }

    /** The server, started by the first call in this JVM. */
    public static PerennialPostgres shared() {
        return new PerennialPostgres(JvmWide.value("postgres", PerennialPostgres::start));
    }

    /** An empty database of that name; one that a former test left behind is dropped, with its sessions. */
    public TestDatabase database(String name) {
        TestDatabase database = new TestDatabase(host, port, name, name, PASSWORD);
        try (Connection connection = superuser("postgres")) {
            Databases.drop(connection, name);
            Databases.create(connection, name, PASSWORD);
        } catch (SQLException e) {
            throw new IllegalStateException("no database " + name + ": " + e.getMessage(), e);
        }
        return database;
    }

    /** Ends every session of that database, as a failover would. */
    public void terminateSessions(TestDatabase database) {
        try (Connection connection = superuser("postgres");
                var statement = connection.prepareStatement(
                        "select pg_terminate_backend(pid) from pg_stat_activity where datname = ?")) {
            statement.setString(1, database.name());
            statement.execute();
        } catch (SQLException e) {
            throw new IllegalStateException("can not end the sessions of " + database.name(), e);
        }
    }

    /**
     * What statements have cost.
     *
     * @param calls how often they ran
     * @param buffers pages that they looked at
     */
    public record Cost(long calls, long buffers) {}

    /** How often statements of that form ({@code like}) have run in the database. */
    public long calls(String database, String form) {
        return cost(database, form).calls();
    }

    /** What statements of that form ({@code like}) have cost in the database. */
    public Cost cost(String database, String form) {
        try (Connection connection = superuser("postgres");
                var extension = connection.createStatement();
                var statement = connection.prepareStatement(
                        """
                        select coalesce(sum(s.calls), 0), coalesce(sum(s.shared_blks_hit + s.shared_blks_read), 0)
                          from pg_stat_statements s join pg_database d on d.oid = s.dbid
                         where d.datname = ? and s.query like ?
                        """)) {
            extension.execute("create extension if not exists pg_stat_statements");
            statement.setString(1, database);
            statement.setString(2, form);
            try (var result = statement.executeQuery()) {
                result.next();
                return new Cost(result.getLong(1), result.getLong(2));
            }
        } catch (SQLException e) {
            throw new IllegalStateException("can not count the statements of " + database, e);
        }
    }

    private Connection superuser(String database) throws SQLException {
        return new TestDatabase(host, port, database, PostgresProcess.SUPERUSER, SUPERUSER_PASSWORD).connect();
    }

    private static String start() {
        if (Infrastructure.chosen() == Infrastructure.CONTAINERS) {
            return ContainerEngine.startPostgres(SUPERUSER_PASSWORD, TIME_ZONE);
        }
        Path home = TestDirectory.path();
        PostgresProcess server = PostgresProcess.start(new PostgresSettings(
                home.resolve("postgres"),
                LoopbackPort.free(),
                SUPERUSER_PASSWORD,
                home.resolve("postgres.log"),
                TestDirectory.record("postgres"),
                Map.of(
                        "fsync",
                        "off",
                        "full_page_writes",
                        "off",
                        "timezone",
                        TIME_ZONE,
                        "shared_preload_libraries",
                        "pg_stat_statements")));
        return LoopbackPort.HOST + ":" + server.port();
    }
}
