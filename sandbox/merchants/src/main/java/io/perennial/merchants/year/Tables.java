package io.perennial.merchants.year;

import io.perennial.launcher.LauncherException;
import io.perennial.launcher.process.Waiting;
import io.perennial.launcher.stack.Stack;
import io.perennial.launcher.stack.StackService;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** What stands in the tables of a local stack, for whoever checks it; one session for each service, and for one thread. */
public final class Tables implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration PAUSE = Duration.ofMillis(25);

    private final Stack stack;
    private final Map<StackService, Connection> sessions = new EnumMap<>(StackService.class);

    public Tables(Stack stack) {
        this.stack = stack;
    }

    interface Row {
        void take(ResultSet row) throws SQLException;
    }

    public long count(StackService service, String sql) {
        long[] found = new long[1];
        each(service, sql, row -> found[0] = row.getLong(1));
        return found[0];
    }

    void each(StackService service, String sql, Row row) {
        try (Statement statement = session(service).createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                row.take(rows);
            }
        } catch (SQLException e) {
            throw new LauncherException(service.processName() + "'s database does not answer: " + e.getMessage(), e);
        }
    }

    private Connection session(StackService service) throws SQLException {
        Connection known = sessions.get(service);
        if (known == null) {
            known = stack.database(service);
            sessions.put(service, known);
        }
        return known;
    }

    Map<String, Instant> instants(StackService service, String sql) {
        Map<String, Instant> found = new HashMap<>();
        each(
                service,
                sql,
                row -> found.put(row.getString(1), row.getTimestamp(2).toInstant()));
        return found;
    }

    /** Waits until a count is zero. */
    void awaitNone(StackService service, String sql) {
        if (!Waiting.until(PATIENCE, PAUSE, () -> count(service, sql) == 0)) {
            throw new LauncherException(
                    service.processName() + " does not come to rest: still " + count(service, sql) + " of " + sql);
        }
    }

    @Override
    public void close() {
        for (Connection session : sessions.values()) {
            try {
                session.close();
            } catch (SQLException e) {
                throw new LauncherException("a database session can not be closed: " + e.getMessage(), e);
            }
        }
    }
}
