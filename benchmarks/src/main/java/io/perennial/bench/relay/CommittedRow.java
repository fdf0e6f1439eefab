package io.perennial.bench.relay;

import io.perennial.launcher.LauncherException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A transaction with one event, committed at the instant; the relay behind it is told of the commit, as services do. */
final class CommittedRow implements LatencyArm.Source {
    private final OutboxRows rows;
    private final String topic;
    private final Relaying relay;
    private final List<Connection> writers = new ArrayList<>();

    CommittedRow(OutboxRows rows, String topic, Relaying relay) {
        this.rows = rows;
        this.topic = topic;
        this.relay = relay;
        try {
            for (int i = 0; i < LatencyArm.WRITERS; i++) {
                Connection writer = rows.connect();
                writers.add(writer);
                writer.setAutoCommit(false);
            }
        } catch (SQLException e) {
            throw new LauncherException("no session for a writer: " + e.getMessage(), e);
        }
    }

    @Override
    public void prepare(int writer, long number) throws SQLException {
        rows.insert(writers.get(writer), topic, number);
    }

    @Override
    public void send(int writer, long number) throws SQLException {
        writers.get(writer).commit();
        relay.wake();
    }

    @Override
    public void close() {
        relay.close();
        try {
            for (Connection writer : writers) {
                writer.close();
            }
        } catch (SQLException e) {
            throw new LauncherException("a writer's session can not be closed: " + e.getMessage(), e);
        }
    }
}
