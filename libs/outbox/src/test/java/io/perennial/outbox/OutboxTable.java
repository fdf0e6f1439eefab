package io.perennial.outbox;

import io.perennial.contracts.EventType;
import io.perennial.testsupport.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The outbox table as a plain SQL writer sees it. */
final class OutboxTable {
    private static final String INSERT =
            """
            insert into outbox (topic, message_key, event_id, event_type, source, subject, event_time, sequence,
                                traceparent, data)
            values (?, ?, ?, ?, '/perennial/test', ?, timestamptz '2026-05-01T10:00:00.123456Z', ?, null, ?)
            """;

    private final TestDatabase database;

    private OutboxTable(TestDatabase database) {
        this.database = database;
    }

    static OutboxTable in(TestDatabase database) throws SQLException {
        OutboxTable table = withManySlots(database);
        table.keepRowsOfASlotTogether();
        return table;
    }

    /** As it was before its slots became fewer. */
    static OutboxTable withManySlots(TestDatabase database) throws SQLException {
        OutboxTable table = new OutboxTable(database);
        table.execute(script("db/migration/outbox/V202601010001__create_outbox.sql"));
        table.execute(script("db/migration/outbox/V202611260800__tell_who_renders.sql"));
        return table;
    }

    void keepRowsOfASlotTogether() throws SQLException {
        execute(script("db/migration/outbox/V202611301100__keep_rows_of_a_slot_together.sql"));
    }

    TestDatabase database() {
        return database;
    }

    /** Writes one event in a transaction of its own. */
    UUID insert(String topic, String key, long sequence) throws SQLException {
        try (Connection connection = database.connect()) {
            return insert(connection, topic, key, sequence);
        }
    }

    UUID insert(Connection connection, String topic, String key, long sequence) throws SQLException {
        return insert(connection, topic, key, sequence, EventType.TOKEN_RENEWED.type(), "{\"n\":" + sequence + "}");
    }

    UUID insert(Connection connection, String topic, String key, long sequence, String type, @Nullable String data)
            throws SQLException {
        UUID id = UUID.randomUUID();
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setString(1, topic);
            insert.setString(2, key);
            insert.setObject(3, id);
            insert.setString(4, type);
            insert.setString(5, key);
            insert.setLong(6, sequence);
            insert.setString(7, data);
            insert.executeUpdate();
        }
        return id;
    }

    /** Events of that many keys in turn, each key's numbered from 1, in one transaction. */
    void insertMany(String topic, int count, int keys) throws SQLException {
        execute(
                """
                insert into outbox (topic, message_key, event_id, event_type, source, subject, event_time, sequence, data)
                select '%s', 'key-' || n %% %d, gen_random_uuid(), '%s', '/perennial/test', 'key-' || n %% %d, now(),
                       n / %d + 1, rpad('{', 300) || '}'
                from generate_series(0, %d) n
                """
                        .formatted(topic, keys, EventType.TOKEN_RENEWED.type(), keys, keys, count - 1));
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = database.connect()) {
            connection.createStatement().execute(sql);
        }
    }

    long rows() {
        return number("select count(*) from outbox");
    }

    long number(String query) {
        return Long.parseLong(texts(query).get(0));
    }

    /** The first column of each row. */
    List<String> texts(String query) {
        try (Connection connection = database.connect();
                ResultSet rows = connection.createStatement().executeQuery(query)) {
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        } catch (SQLException e) {
            throw new IllegalStateException(query, e);
        }
    }

    private static String script(String path) {
        try (var in = OutboxTable.class.getClassLoader().getResourceAsStream(path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
