package io.perennial.bench.expiry;

import io.perennial.bench.measure.Arm;
import io.perennial.launcher.LauncherException;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;

/** Looks for what is due where nothing is, again and again in one session. */
final class Ticks implements Arm {
    /** A tick takes less than a millisecond: a part of a cell is enough. */
    private static final int PART = 3;

    /** Returns how many it found. */
    interface Look {
        long at(Instant now);
    }

    private final String name;
    private final Watched watched;
    private final Instant now;
    private final Look look;

    Ticks(String name, Watched watched, Instant now, Function<Pool, Look> looks) {
        this.name = name;
        this.watched = watched;
        this.now = now;
        this.look = looks.apply(watched.session());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String database() {
        return watched.database();
    }

    @Override
    public Work work(Duration length) {
        long nanos = length.toNanos() / PART;
        long began = System.nanoTime();
        long ticks = 0;
        while (System.nanoTime() - began < nanos) {
            if (look.at(now) != 0) {
                throw new LauncherException("something was due");
            }
            ticks++;
        }
        return new Work(ticks, (System.nanoTime() - began) / 1e9);
    }
}
