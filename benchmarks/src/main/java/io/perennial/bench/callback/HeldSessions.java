package io.perennial.bench.callback;

import io.perennial.bench.lab.Lab;
import io.perennial.launcher.LauncherException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Sessions that sit in a transaction and do nothing for so long that they can only be waiting for somebody else. */
final class HeldSessions {
    private static final long LOOK_MILLIS = 50;

    private final Lab lab;
    private final String query;
    private final AtomicLong most = new AtomicLong();
    private final AtomicLong samples = new AtomicLong();

    HeldSessions(Lab lab, String database, long millis) {
        this.lab = lab;
        this.query = "select count(*) from pg_stat_activity where datname = '" + database
                + "' and state like 'idle in transaction%' and clock_timestamp() - state_change > interval '" + millis
                + " milliseconds'";
    }

    /** Looks again and again while the work goes on. */
    <T> T during(Supplier<T> work) {
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        ScheduledFuture<?> looking = clock.scheduleWithFixedDelay(this::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        try {
            T done = work.get();
            if (looking.isDone()) {
                throw new LauncherException("the sessions could not be looked at");
            }
            return done;
        } finally {
            clock.shutdown();
        }
    }

    private void look() {
        most.accumulateAndGet((long) lab.ask(query), Math::max);
        samples.incrementAndGet();
    }

    long most() {
        return most.get();
    }

    long samples() {
        return samples.get();
    }
}
