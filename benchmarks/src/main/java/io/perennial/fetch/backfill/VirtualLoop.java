package io.perennial.fetch.backfill;

import io.perennial.bench.lab.Wiring;
import io.perennial.fetch.quota.BucketKey;
import io.perennial.fetch.quota.Buckets;
import io.perennial.fetch.quota.QuotaBuckets;
import io.perennial.fetch.quota.QuotaDecision;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.UUID;

/**
 * The service's loop on a virtual clock: its statements for what is due and who gets it, its turns of the tenants, its
 * quota. Only the request to Amazon is left out, which takes a fixed time, and storing the page, which takes none.
 */
public final class VirtualLoop {
    private static final Instant BEGIN = Instant.parse("2026-03-01T12:00:00Z");
    /** Of searchOrders, as published. */
    private static final int BURST = 20;

    private static final Duration SPACING = Duration.ofSeconds(180);
    private static final Duration POLL = Duration.ofMillis(500);

    /** On the machine's clock: no lease may end while the virtual one stands still. */
    private static final Duration LEASE = Duration.ofHours(1);

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String CLEAR = "truncate fetch_job, connection_view, quota_bucket cascade";
    private static final String CONNECTIONS =
            """
            insert into connection_view (connection_id, tenant_id, external_id, provider, region, generation, state,
                                         seen_sequence)
            select id, tenant, id::text, 'AMAZON_SELLER', 'EU', 1, 'ACTIVE', 1
            from unnest($1::uuid[], $2::text[]) as s(id, tenant)
            """;
    private static final String FETCHES =
            """
            insert into fetch_job (id, connection_id, tenant_id, reason, state, marketplaces, window_from, window_to,
                                   part_from, part_to, caused_at, requested_at, next_attempt_at, priority)
            select id, id, tenant, 'DAILY', 'RUNNING', '{*}', $3 - interval '1 d', $3, $3 - interval '1 d', $3, $3, $3, $3, 1
            from unnest($1::uuid[], $2::text[]) as s(id, tenant)
            """;

    private final Pool pool;
    private final QuotaBuckets quota;
    private final FetchClaims claims;
    private final FetchJobs jobs;
    private final int parallel;
    private final Duration latency;

    private final TenantTurns turns = new TenantTurns();
    private final PriorityQueue<Moment> moments =
            new PriorityQueue<>(Comparator.comparing(Moment::at).thenComparing(Moment::order));
    private final Set<Instant> polls = new HashSet<>();
    private final Map<UUID, FetchJob> held = new HashMap<>();
    private final Map<UUID, Integer> left = new HashMap<>();
    private final Map<UUID, Duration> ended = new HashMap<>();
    private final Map<String, Integer> pagesOf = new HashMap<>();
    private Instant now = BEGIN;
    private long order;
    private int pages;

    /**
     * @param parallel fetches that are worked on at the same time
     * @param latency what a request takes
     */
    public VirtualLoop(Wiring service, QuotaBuckets quota, int parallel, Duration latency) {
        this.pool = service.get(Pool.class);
        this.quota = quota;
        this.claims = service.get(FetchClaims.class);
        this.jobs = service.get(FetchJobs.class);
        this.parallel = parallel;
        this.latency = latency;
    }

    /** A seller whose fetch has so many pages; all are due at the beginning. */
    public record Seller(String tenant, int pages) {}

    /**
     * @param took of each seller until his last page, in the order of the sellers; empty where it was not reached
     * @param pagesOf pages by tenant
     */
    public record Ended(List<Duration> took, Map<String, Integer> pagesOf) {}

    private record Moment(Instant at, long order, Runnable what) {}

    /** Runs until all have their pages, or so many were read in all. */
    public Ended run(List<Seller> sellers, int mostPages) {
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < sellers.size(); i++) {
            UUID id = new UUID(0x0199_0000_0000_7000L, 0x8000_0000_0000_0000L + i);
            ids.add(id);
            left.put(id, sellers.get(i).pages());
        }
        insert(ids, sellers.stream().map(Seller::tenant).toArray(String[]::new));
        claimAt(BEGIN);
        while (!moments.isEmpty() && pages < mostPages) {
            Moment next = moments.remove();
            now = next.at();
            next.what().run();
        }
        return new Ended(ids.stream().filter(ended::containsKey).map(ended::get).toList(), Map.copyOf(pagesOf));
    }

    private void insert(List<UUID> ids, String[] tenants) {
        UUID[] all = ids.toArray(UUID[]::new);
        done(pool.query(CLEAR).execute());
        done(pool.preparedQuery(CONNECTIONS).execute(Tuple.of(all, tenants)));
        done(pool.preparedQuery(FETCHES).execute(Tuple.of(all, tenants, BEGIN.atOffset(ZoneOffset.UTC))));
        done(pool.query("analyze fetch_job, connection_view").execute());
    }

    private void at(Instant instant, Runnable what) {
        moments.add(new Moment(instant, order++, what));
    }

    /** The loop looks twice a second. */
    private void claimAt(Instant due) {
        long ticks = -Math.floorDiv(-Duration.between(BEGIN, due).toNanos(), POLL.toNanos());
        Instant tick = BEGIN.plus(POLL.multipliedBy(ticks));
        if (polls.add(tick)) {
            at(tick, () -> {
                polls.remove(tick);
                claim();
            });
        }
    }

    private void claim() {
        int room = parallel - held.size();
        if (room <= 0) {
            return;
        }
        List<DueFetch> due = done(claims.due(now, room, turns.last()));
        List<DueFetch> wanted = turns.take(
                due, room, held.values().stream().map(FetchJob::connectionId).toList());
        if (wanted.isEmpty()) {
            return;
        }
        for (FetchJob job : done(claims.claim(wanted, now, LEASE))) {
            held.put(job.id(), job);
            step(job);
        }
    }

    private void step(FetchJob job) {
        BucketKey bucket = Buckets.key(job.connectionId().toString(), BURST, SPACING);
        QuotaDecision decision = done(quota.take(bucket, job.id(), job.epoch(), now));
        if (decision instanceof QuotaDecision.Wait wait) {
            done(jobs.releaseAll(job, wait.until(), 0, null));
            release(job);
            claimAt(wait.until());
            return;
        }
        if (!(decision instanceof QuotaDecision.Taken)) {
            throw new IllegalStateException("A lease of the benchmark was lost");
        }
        at(now.plus(latency), () -> {
            done(quota.settle(bucket, OptionalDouble.empty(), true, now));
            answered(job);
        });
    }

    private void answered(FetchJob job) {
        pages++;
        pagesOf.merge(job.tenantId(), 1, Integer::sum);
        if (left.merge(job.id(), -1, Integer::sum) > 0) {
            turns.charge(job.tenantId());
            step(job);
            return;
        }
        ended.put(job.id(), Duration.between(BEGIN, now));
        done(pool.withTransaction(tx -> jobs.finish(tx, job, FetchState.COMPLETED, now, null)));
        release(job);
    }

    private void release(FetchJob job) {
        held.remove(job.id());
        if (held.size() == parallel - 1) {
            at(now, this::claim);
        }
    }

    private static <T> T done(Uni<T> work) {
        return work.await().atMost(PATIENCE);
    }
}
