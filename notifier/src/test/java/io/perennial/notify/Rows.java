package io.perennial.notify;

import io.perennial.contracts.EventEnvelope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** The notifier's tables, read without its code. */
@ApplicationScoped
public class Rows {
    @Inject
    DataSource database;

    /** {@code KIND/stage STATE code} of a connection's reminders, oldest first. */
    public List<String> reminders(UUID connection) {
        return strings(
                "select kind || '/' || stage || ' ' || state || coalesce(' ' || code, '') from reminder"
                        + " where connection_id = ? order by created_at, id",
                connection);
    }

    public int unfinished(UUID connection) {
        return strings(
                        "select id::text from reminder where connection_id = ? and state in ('PENDING', 'SENDING')",
                        connection)
                .size();
    }

    public boolean handled(EventEnvelope event) {
        return !strings("select event_id::text from inbox where event_id = ?", event.id())
                .isEmpty();
    }

    public List<String> strings(String query, Object... arguments) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = prepare(connection, query, arguments);
                ResultSet rows = statement.executeQuery()) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public int execute(String command, Object... arguments) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = prepare(connection, command, arguments)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PreparedStatement prepare(Connection connection, String sql, Object... arguments)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < arguments.length; i++) {
            statement.setObject(i + 1, arguments[i]);
        }
        return statement;
    }
}
