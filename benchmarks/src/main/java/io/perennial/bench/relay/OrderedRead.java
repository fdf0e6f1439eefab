package io.perennial.bench.relay;

import io.perennial.bench.measure.Arm;
import io.perennial.launcher.LauncherException;
import io.perennial.outbox.MeasuredRelay;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** A limit: all rows in order, in batches of the relay's size, every column fetched and nothing done with it. */
final class OrderedRead implements Arm {
    private final OutboxRows rows;
    private final int count;
    private boolean filled;

    OrderedRead(OutboxRows rows, int count) {
        this.rows = rows;
        this.count = count;
    }

    @Override
    public String name() {
        return "ordered-read";
    }

    @Override
    public String database() {
        return rows.database();
    }

    @Override
    public List<Long> processes() {
        return List.of(ProcessHandle.current().pid());
    }

    @Override
    public void prepare(Duration length) {
        if (!filled) {
            rows.clear();
            rows.write("none", count).commit();
            rows.settle();
            filled = true;
        }
    }

    @Override
    public Work work(Duration length) {
        long began = System.nanoTime();
        long last = 0;
        long found = 0;
        int columns = 11;
        try (Connection connection = rows.connect();
                PreparedStatement read = connection.prepareStatement(
                        PollingRelay.Columns.SELECT + " where id > ? order by id limit " + MeasuredRelay.BATCH)) {
            boolean more = true;
            while (more) {
                read.setLong(1, last);
                more = false;
                try (ResultSet batch = read.executeQuery()) {
                    while (batch.next()) {
                        more = true;
                        last = batch.getLong(1);
                        for (int i = 2; i <= columns; i++) {
                            batch.getString(i);
                        }
                        found++;
                    }
                }
            }
        } catch (SQLException e) {
            throw new LauncherException("rows can not be read: " + e.getMessage(), e);
        }
        if (found != count) {
            throw new LauncherException("read " + found + " of " + count + " rows");
        }
        return new Work(count, (System.nanoTime() - began) / 1e9);
    }
}
