package io.perennial.bench.relay;

import io.perennial.bench.lab.Lab;
import io.perennial.launcher.LauncherException;
import io.perennial.outbox.MeasuredRelay;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** An outbox in a database of its own, and its writers. */
final class OutboxRows {
    /** Divided by the number of writers, since the rows of a key are one writer's. */
    static final int KEYS = 2_000;

    static final int WRITERS = 8;

    /** A third of it is what a hash looks like: neither easy nor impossible to compress. */
    private static final String INSERT =
            """
            insert into outbox (topic, message_key, event_id, event_type, source, subject, event_time, sequence,
                                traceparent, data)
            select ?, 'key-' || n %% %d, uuidv7(), 'io.perennial.TokenRenewed.v1', '/perennial/bench',
                   n::text, clock_timestamp(), n / %d,
                   '00-0193c2a17f0070008000000000000001-0193c2a17f007000-00',
                   rpad('{"connectionId":"0193c2a1-7f00-7000-8000-' || lpad(n::text, 12, '0') || '","number":' || n
                        || ',"hash":"' || repeat(md5(n::text), 3) || '"', ? - 1, ' ,"provider":"AMAZON_SELLER"') || '}'
              from generate_series(?::bigint, ?::bigint, ?::bigint) n
            """
                    .formatted(KEYS, KEYS);

    private final Lab lab;
    private final String database;
    private final int bytes;

    private OutboxRows(Lab lab, String database, int bytes) {
        this.lab = lab;
        this.database = database;
        this.bytes = bytes;
        lab.createDatabase(database);
        lab.execute(database, MeasuredRelay.tables());
    }

    /**
     * Those of our relay.
     *
     * @param bytes length of the value of each event
     */
    static OutboxRows ours(Lab lab, String database, int bytes) {
        return new OutboxRows(lab, database, bytes);
    }

    /** Those of a peer, with the key that it goes by: the id alone. */
    static OutboxRows ofPeer(Lab lab, String database, int bytes) {
        OutboxRows rows = new OutboxRows(lab, database, bytes);
        lab.execute(database, "alter table outbox drop constraint outbox_pkey, add primary key (id)");
        return rows;
    }

    String database() {
        return database;
    }

    void clear() {
        lab.execute(database, "truncate outbox");
    }

    /** No dead rows and no dirty pages, as far as the server would have cleaned up by itself. */
    void settle() {
        lab.settle(database);
    }

    /** Rows that are written and not committed, by several writers. */
    Written write(String topic, int count) {
        List<Connection> writers = new ArrayList<>();
        try {
            for (int i = 0; i < WRITERS; i++) {
                Connection writer = lab.connect(database);
                writers.add(writer);
                writer.setAutoCommit(false);
                insert(writer, topic, i, count - 1, WRITERS);
            }
        } catch (SQLException e) {
            throw new LauncherException("rows can not be written: " + e.getMessage(), e);
        }
        return new Written(writers);
    }

    /** One event, in the writer's transaction. */
    void insert(Connection writer, String topic, long number) throws SQLException {
        insert(writer, topic, number, number, 1);
    }

    private void insert(Connection writer, String topic, long from, long to, int step) throws SQLException {
        try (PreparedStatement insert = writer.prepareStatement(INSERT)) {
            insert.setString(1, topic);
            insert.setInt(2, bytes);
            insert.setLong(3, from);
            insert.setLong(4, to);
            insert.setLong(5, step);
            insert.executeUpdate();
        }
    }

    Connection connect() throws SQLException {
        return lab.connect(database);
    }

    /** Whether a relay that deletes has nothing left to do. */
    boolean empty() {
        return lab.count(database, "select count(*) from (select from outbox limit 1) r") == 0;
    }

    /** Transactions that wait for their commit. */
    record Written(List<Connection> writers) {
        void commit() {
            try {
                for (Connection writer : writers) {
                    writer.commit();
                    writer.close();
                }
            } catch (SQLException e) {
                throw new LauncherException("rows can not be committed: " + e.getMessage(), e);
            }
        }
    }
}
