package io.perennial.bench.mail;

import io.perennial.bench.lab.Lab;
import io.perennial.bench.measure.Arm;
import io.perennial.launcher.LauncherException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The limit: {@code smtp-source} over as many connections, and at the same time commits as the notifier makes them for these
 * mails: one for the intents and one for the results and events of as many as there are connections. Neither waits for the
 * other.
 */
final class SourceAndCommits implements Arm, AutoCloseable {
    static final String DATABASE = "mail_limit";

    private final Lab lab;
    private final int port;
    private final int connections;
    private final ExecutorService threads;
    private final int mails;

    SourceAndCommits(Lab lab, int port, int connections, int mails) {
        this.lab = lab;
        this.port = port;
        this.connections = connections;
        this.mails = mails;
        this.threads = Executors.newFixedThreadPool(connections);
        lab.createDatabase(DATABASE);
        lab.execute(
                DATABASE,
                "create table mail (id bigint primary key, state text not null, contact uuid, finished_at timestamptz)",
                "create table event (id bigint generated always as identity primary key, data text not null)");
    }

    @Override
    public String name() {
        return "smtp-source";
    }

    @Override
    public String database() {
        return DATABASE;
    }

    @Override
    public void prepare(Duration length) {
        lab.execute(
                DATABASE,
                "truncate mail, event",
                "insert into mail (id, state) select n, 'PENDING' from generate_series(1, " + mails + ") n");
        lab.settle(DATABASE);
    }

    @Override
    public Work work(Duration length) {
        long began = System.nanoTime();
        Process source = SmtpSink.source(port, mails, connections, Letterhead.TEXT_BYTES + Letterhead.HTML_BYTES);
        AtomicInteger next = new AtomicInteger();
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            writers.add(CompletableFuture.runAsync(() -> commit(next), threads));
        }
        try {
            CompletableFuture.allOf(writers.toArray(CompletableFuture[]::new)).get();
            if (source.waitFor() != 0) {
                throw new LauncherException("smtp-source ended with " + source.exitValue());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException("interrupted", e);
        } catch (ExecutionException e) {
            throw new LauncherException("the commits failed: " + e.getCause(), e);
        }
        return new Work(mails, (System.nanoTime() - began) / 1e9);
    }

    private void commit(AtomicInteger next) {
        try (Connection connection = lab.connect(DATABASE);
                PreparedStatement intend = connection.prepareStatement(
                        "update mail set state = 'SENDING', contact = gen_random_uuid() where id between ? and ?");
                PreparedStatement finish = connection.prepareStatement(
                        """
                        with sent as (
                            update mail set state = 'SENT', finished_at = clock_timestamp()
                            where id between ? and ?
                            returning id
                        )
                        insert into event (data) select ? from sent
                        """)) {
            String data = "x".repeat(300);
            int first;
            while ((first = next.getAndAdd(connections) + 1) <= mails) {
                int last = first + connections - 1;
                intend.setLong(1, first);
                intend.setLong(2, last);
                intend.executeUpdate();
                finish.setLong(1, first);
                finish.setLong(2, last);
                finish.setString(3, data);
                finish.executeUpdate();
            }
        } catch (SQLException e) {
            throw new LauncherException("a commit failed: " + e, e);
        }
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
