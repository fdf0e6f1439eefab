package io.perennial.bench.ingest;

import io.perennial.bench.lab.FetchTables;
import io.perennial.bench.lab.Lab;
import io.perennial.bench.lab.TableFiles;
import io.perennial.bench.measure.Arm;
import io.perennial.launcher.LauncherException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The rows that stored pages leave, ready-made: by {@code COPY}, and in batches over JDBC. */
final class WrittenRows {
    static final List<String> TABLES = List.of("order_digest", "load_month", "outbox");

    private final Lab lab;
    private final TableFiles files;
    private final int orders;
    private final List<Object[]> digests = new ArrayList<>();
    private final List<Object[]> events = new ArrayList<>();

    WrittenRows(Lab lab, Path directory, int orders) {
        this.lab = lab;
        this.orders = orders;
        this.files = new TableFiles(lab, FetchTables.DATABASE, directory, TABLES);
    }

    /** Keeps what was just written. */
    void keep() {
        files.keep();
        read("select connection_id, order_id, digest, updated_at from order_digest", digests);
        read(
                "select topic, message_key, event_id, event_type, source, subject, event_time, sequence, traceparent, data"
                        + " from outbox",
                events);
    }

    Arm copied() {
        return new Loading("COPY of the same rows", files::load);
    }

    Arm batched() {
        return new Loading("JDBC batches of the same rows", this::insert);
    }

    private void read(String query, List<Object[]> into) {
        try (Connection connection = lab.connect(FetchTables.DATABASE);
                ResultSet rows = connection.createStatement().executeQuery(query)) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                Object[] row = new Object[columns];
                for (int i = 0; i < columns; i++) {
                    row[i] = rows.getObject(i + 1);
                }
                into.add(row);
            }
        } catch (SQLException e) {
            throw new LauncherException("the rows can not be read: " + e.getMessage(), e);
        }
    }

    /** A transaction for a hundred orders, as many as a page has. */
    private void insert() {
        try (Connection connection = lab.connect(FetchTables.DATABASE)) {
            connection.setAutoCommit(false);
            try (PreparedStatement digest = connection.prepareStatement(
                            """
                            insert into order_digest as d (connection_id, order_id, digest, updated_at) values (?, ?, ?, ?)
                            on conflict (connection_id, order_id) do update
                            set digest = excluded.digest, updated_at = excluded.updated_at
                            where d.digest <> excluded.digest and d.updated_at <= excluded.updated_at
                            """);
                    PreparedStatement event = connection.prepareStatement(
                            """
                            insert into outbox (topic, message_key, event_id, event_type, source, subject, event_time,
                                                sequence, traceparent, data)
                            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                            """)) {
                for (int i = 0; i < Math.max(digests.size(), events.size()); i++) {
                    add(digest, digests, i);
                    add(event, events, i);
                    if (i % ReadyPages.ORDERS == ReadyPages.ORDERS - 1) {
                        commit(connection, digest, event);
                    }
                }
                commit(connection, digest, event);
            }
        } catch (SQLException e) {
            throw new LauncherException("the rows can not be inserted: " + e.getMessage(), e);
        }
    }

    private static void add(PreparedStatement statement, List<Object[]> rows, int i) throws SQLException {
        if (i < rows.size()) {
            Object[] row = rows.get(i);
            for (int column = 0; column < row.length; column++) {
                statement.setObject(column + 1, row[column]);
            }
            statement.addBatch();
        }
    }

    private static void commit(Connection connection, PreparedStatement... statements) throws SQLException {
        for (PreparedStatement statement : statements) {
            statement.executeBatch();
        }
        connection.commit();
    }

    private final class Loading implements Arm {
        private final String name;
        private final Runnable load;

        Loading(String name, Runnable load) {
            this.name = name;
            this.load = load;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public String database() {
            return FetchTables.DATABASE;
        }

        @Override
        public void prepare(Duration length) {
            lab.execute(FetchTables.DATABASE, "truncate " + String.join(", ", TABLES));
            lab.settle(FetchTables.DATABASE);
        }

        @Override
        public Work work(Duration length) {
            long began = System.nanoTime();
            load.run();
            double seconds = (System.nanoTime() - began) / 1e9;
            long there = lab.count(FetchTables.DATABASE, "select count(*) from order_digest");
            if (there != orders) {
                throw new IllegalStateException(there + " orders of " + orders + " are there");
            }
            return new Work(there, seconds);
        }
    }
}
