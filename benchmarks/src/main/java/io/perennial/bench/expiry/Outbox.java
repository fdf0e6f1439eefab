package io.perennial.bench.expiry;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.perennial.bench.lab.Lab;
import io.perennial.launcher.LauncherException;
import io.perennial.launcher.process.LoopbackPort;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** What a peer's job does for an item: one row into the same outbox, of the same size, in a commit of its own. */
final class Outbox implements AutoCloseable {
    /** One for each thread of a peer and some for its own needs. */
    private static final int SESSIONS = PeerArm.THREADS + 6;

    private static final String APPEND =
            """
            insert into outbox (message_key, event_id, event_time, sequence, topic, event_type, source, subject,
                                traceparent, data)
            values (?, uuidv7(), now(), 1, %s)
            """
                    .formatted(RawClaim.COLUMNS);

    private final HikariDataSource sessions;

    Outbox(Lab lab, String database) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:postgresql://" + LoopbackPort.HOST + ":" + lab.postgresPort() + "/" + database);
        config.setUsername(database);
        config.setPassword(lab.password());
        config.setMaximumPoolSize(SESSIONS);
        this.sessions = new HikariDataSource(config);
    }

    HikariDataSource sessions() {
        return sessions;
    }

    void announce(String connection) {
        try (Connection session = sessions.getConnection();
                PreparedStatement insert = session.prepareStatement(APPEND)) {
            session.setAutoCommit(true);
            insert.setString(1, connection);
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new LauncherException("the event of a peer was refused: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        sessions.close();
    }
}
