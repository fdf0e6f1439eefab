package io.perennial.inbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** What the consumer did, as the database shows it. */
final class Effects {
    private final DataSource database;

    Effects(DataSource database) {
        this.database = database;
    }

    List<Long> sequences(UUID connection) {
        return longs("select sequence from effect where connection_id = ? order by position", connection);
    }

    boolean remembered(UUID event) {
        return longs("select count(*) from inbox where event_id = ?", event).get(0) > 0;
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.createStatement().execute(sql);
        }
    }

    long number(String sql) {
        return longs(sql, null).get(0);
    }

    private List<Long> longs(String sql, UUID parameter) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            if (parameter != null) {
                select.setObject(1, parameter);
            }
            List<Long> found = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getLong(1));
                }
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}
