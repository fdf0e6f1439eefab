package io.perennial.bench.expiry;

import io.perennial.bench.measure.Arm;
import io.perennial.launcher.LauncherException;
import io.perennial.monitor.expiry.Claims;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Claims batch after batch in one session until nothing is due, from a fresh copy of the same database each time. */
final class Batches implements Arm {
    /** Of token-monitor while a cohort drains. */
    static final int LARGEST = 5_000;

    /** One batch at an instant; returns how many it claimed. */
    interface Claim {
        long batch(Instant now, int limit);
    }

    private final String name;
    private final Watched watched;
    private final Instant now;
    private final Function<Pool, Claim> claims;
    private @Nullable Pool session;

    Batches(String name, Watched watched, Instant now, Function<Pool, Claim> claims) {
        this.name = name;
        this.watched = watched;
        this.now = now;
        this.claims = claims;
    }

    static Batches ours(Watched watched, Instant now) {
        return new Batches("token-monitor", watched, now, session -> new Claims(session)::claim);
    }

    static Batches raw(Watched watched, Instant now) {
        return new Batches("raw SQL", watched, now, session -> new RawClaim(session)::claim);
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
    public void prepare(Duration length) {
        if (session != null) {
            session.closeAndAwait();
        }
        watched.restore();
        session = watched.session();
        session.query("select 1").executeAndAwait();
    }

    @Override
    public Work work(Duration length) {
        if (session == null) {
            throw new IllegalStateException("not prepared");
        }
        Claim claim = claims.apply(session);
        long began = System.nanoTime();
        long items = 0;
        long last;
        do {
            last = claim.batch(now, LARGEST);
            items += last;
        } while (last == LARGEST);
        Work done = new Work(items, (System.nanoTime() - began) / 1e9);
        if (watched.announced() != items || items == 0) {
            throw new LauncherException(name + " claimed " + items + ", announced " + watched.announced());
        }
        return done;
    }
}
