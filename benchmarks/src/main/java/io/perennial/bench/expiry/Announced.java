package io.perennial.bench.expiry;

import io.perennial.bench.lab.Lab;
import io.perennial.launcher.LauncherException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Counts the events in an outbox, in one session: whoever looks often must not pay for a new one each time. */
final class Announced implements AutoCloseable {
    private final Connection session;
    private final PreparedStatement written;
    private final PreparedStatement committed;

    Announced(Lab lab, String database) {
        try {
            this.session = lab.connect(database);
            this.written = session.prepareStatement(
                    "select case when is_called then last_value else 0 end from outbox_id_seq");
            this.committed = session.prepareStatement("select count(*) from outbox");
        } catch (SQLException e) {
            throw fault(e);
        }
    }

    /** How many were ever written, committed or not; by a sequence, so looking costs nothing. */
    long written() {
        return number(written);
    }

    long committed() {
        return number(committed);
    }

    private static long number(PreparedStatement query) {
        try (ResultSet row = query.executeQuery()) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw fault(e);
        }
    }

    private static LauncherException fault(SQLException e) {
        return new LauncherException("the outbox can not be counted: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (SQLException e) {
            throw fault(e);
        }
    }
}
