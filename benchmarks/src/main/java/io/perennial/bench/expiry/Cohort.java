package io.perennial.bench.expiry;

import io.perennial.bench.lab.Lab;
import io.perennial.bench.lab.TokenMonitor;
import io.perennial.bench.measure.Arm;
import io.perennial.launcher.LauncherException;
import io.perennial.launcher.process.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Many connections that become due within a tenth of a second, drained by the running service. */
final class Cohort implements Arm {
    static final Duration WITHIN = Duration.ofMillis(100);

    private static final Duration APART = Duration.ofDays(40);
    private static final Duration NOTICE = Duration.ofMillis(1_500);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration LOOK = Duration.ofMillis(20);

    private final Lab lab;
    private final TokenMonitor service;
    private final Watched watched;
    private final int count;
    private Instant dueFrom;
    private Instant machineDueFrom = Instant.EPOCH;

    Cohort(Lab lab, TokenMonitor service, Instant after, int count) {
        this.lab = lab;
        this.service = service;
        this.watched = Watched.of(lab, TokenMonitor.DATABASE);
        this.dueFrom = after;
        this.count = count;
    }

    @Override
    public String name() {
        return "token-monitor";
    }

    @Override
    public String database() {
        return watched.database();
    }

    @Override
    public java.util.List<Long> processes() {
        return java.util.List.of(service.pid());
    }

    @Override
    public void prepare(Duration length) {
        dueFrom = dueFrom.plus(APART);
        lab.execute(watched.database(), "truncate watched_connection, watched_end, outbox");
        watched.watch(count, dueFrom, dueFrom.plus(WITHIN));
        watched.settle();
    }

    /** The time runs from the instant at which the first of them is due, by the service's clock. */
    @Override
    public Work work(Duration length) {
        return drain(() -> {});
    }

    /** @param meanwhile done again and again until all are announced */
    Work drain(Runnable meanwhile) {
        try (Announced announced = new Announced(lab, watched.database())) {
            long all = announced.written() + count;
            machineDueFrom = Instant.now().plus(NOTICE).truncatedTo(ChronoUnit.MICROS);
            service.showAt(dueFrom, machineDueFrom);
            boolean done = Waiting.until(PATIENCE, LOOK, () -> {
                meanwhile.run();
                return announced.written() >= all && announced.committed() == count;
            });
            double seconds = Duration.between(machineDueFrom, Instant.now()).toNanos() / 1e9;
            if (!done) {
                throw new LauncherException("of " + count + " only " + announced.committed() + " were announced");
            }
            return new Work(count, seconds);
        }
    }

    /** The instant at which the last one was due, by the service's clock. */
    Instant dueUntil() {
        return dueFrom.plus(WITHIN);
    }

    /** How far the service's clock is ahead of the machine's. */
    Duration offset() {
        return Duration.between(machineDueFrom, dueFrom);
    }
}
