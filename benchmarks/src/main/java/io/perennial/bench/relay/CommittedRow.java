package io.perennial.bench.relay;

import io.perennial.launcher.LauncherException;
import java.sql.Connection;
import java.sql.SQLException;

/** A transaction with one event, committed at the instant; the relay behind it is told of the commit, as services do. */
final class CommittedRow implements LatencyArm.Source {
    private final OutboxRows rows;
    private final String topic;
    private final Relaying relay;
    private final Connection writer;

    CommittedRow(OutboxRows rows, String topic, Relaying relay) {
        this.rows = rows;
        this.topic = topic;
        this.relay = relay;
        try {
            this.writer = rows.connect();
            writer.setAutoCommit(false);
        } catch (SQLException e) {
            throw new LauncherException("no session for the writer: " + e.getMessage(), e);
        }
    }

    @Override
    public void prepare(long number) throws SQLException {
        rows.insert(writer, topic, number);
    }

    @Override
    public void send(long number) throws SQLException {
        writer.commit();
        relay.wake();
    }

    @Override
    public void close() {
        relay.close();
        try {
            writer.close();
        } catch (SQLException e) {
            throw new LauncherException("the writer's session can not be closed: " + e.getMessage(), e);
        }
    }
}
