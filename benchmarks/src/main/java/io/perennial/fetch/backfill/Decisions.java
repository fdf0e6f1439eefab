package io.perennial.fetch.backfill;

import io.perennial.bench.lab.Wiring;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Who of very many due fetches is next: what the loop asks the database for, and the turns of the tenants. */
public final class Decisions {
    private static final Duration LEASE = Duration.ofHours(1);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String FINISH =
            """
            update fetch_job set state = 'COMPLETED', next_attempt_at = null, lease_until = null, lease_owner = null
            where id = any($1)
            """;

    private final Pool pool;
    private final FetchClaims claims;
    private final TenantTurns turns = new TenantTurns();

    public Decisions(Wiring service) {
        this.pool = service.get(Pool.class);
        this.claims = service.get(FetchClaims.class);
    }

    /** Seconds that one round took, and for how many fetches. */
    public record Round(double all, double turnsAlone, int granted) {}

    /** Decides about so many free workers. */
    public Round decide(Instant now, int room) {
        long began = System.nanoTime();
        List<DueFetch> due = claims.due(now, room, turns.last()).await().atMost(PATIENCE);
        long asked = System.nanoTime();
        List<DueFetch> wanted = turns.take(due, room, List.of());
        long taken = System.nanoTime();
        List<FetchJob> claimed = claims.claim(wanted, now, LEASE).await().atMost(PATIENCE);
        long leased = System.nanoTime();
        UUID[] ids = claimed.stream().map(FetchJob::id).toArray(UUID[]::new);
        pool.preparedQuery(FINISH).execute(Tuple.of(ids)).await().atMost(PATIENCE);
        return new Round((leased - began) / 1e9, (taken - asked) / 1e9, claimed.size());
    }
}
