package io.perennial.monitor.expiry;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Duration;
import java.time.Instant;

/**
 * What token-monitor's loop does in a tick, by token-monitor's own class: benchmarks measure no copy of it. In its package,
 * because claiming is nobody else's business.
 */
public final class Claims {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final DueConnections due;

    public Claims(Pool pool) {
        this.due = new DueConnections(pool, 0);
    }

    /** A tick in quiet times; returns how many connections it announced. */
    public long look(Instant now, int limit) {
        return done(due.look(now, limit));
    }

    /** A batch while more is due; returns how many connections it announced. */
    public long claim(Instant now, int limit) {
        return done(due.announce(now, limit));
    }

    private static long done(Uni<Announcements> announcements) {
        return announcements.await().atMost(PATIENCE).total();
    }
}
