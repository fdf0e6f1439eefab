package io.perennial.bench.expiry;

import io.perennial.bench.lab.Lab;
import io.perennial.bench.lab.Migrations;
import io.perennial.bench.measure.Arm;
import io.perennial.launcher.LauncherException;
import io.perennial.launcher.process.Waiting;
import java.time.Duration;

/** Runs a peer on a fresh copy of its database and counts what it has committed to the outbox, from its first event on. */
final class PeerArm implements Arm {
    /** As in db-scheduler's own measurements on machines of few cores. */
    static final int THREADS = 20;

    private static final Duration START = Duration.ofSeconds(60);

    private final Lab lab;
    private final Peer peer;
    private final String database;
    private final int due;

    PeerArm(Lab lab, Peer peer, int due, int later) {
        this.lab = lab;
        this.peer = peer;
        this.database = peer.name().replace("-", "").toLowerCase(java.util.Locale.ROOT);
        this.due = due;
        Migrations.create(lab, database, "token-monitor");
        peer.seed(lab, database, due, later);
        lab.execute(database, "vacuum analyze");
        lab.keep(database);
    }

    @Override
    public String name() {
        return peer.name();
    }

    @Override
    public String database() {
        return database;
    }

    @Override
    public void prepare(Duration length) {
        lab.restore(database);
    }

    @Override
    public Work work(Duration length) {
        try (Outbox outbox = new Outbox(lab, database);
                Announced announced = new Announced(lab, database)) {
            Runnable stop = peer.start(outbox);
            try {
                return counted(announced, length);
            } finally {
                stop.run();
            }
        }
    }

    private Work counted(Announced announced, Duration length) {
        if (!Waiting.until(START, () -> announced.written() > 0)) {
            throw new LauncherException(peer.name() + " announces nothing");
        }
        long before = announced.committed();
        long began = System.nanoTime();
        Waiting.until(length, () -> announced.written() >= due);
        double seconds = (System.nanoTime() - began) / 1e9;
        return new Work(announced.committed() - before, seconds);
    }
}
