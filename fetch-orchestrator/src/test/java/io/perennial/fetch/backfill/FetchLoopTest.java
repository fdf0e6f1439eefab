package io.perennial.fetch.backfill;

import static io.perennial.fetch.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.clock.DomainClock;
import io.perennial.fetch.FetchService;
import io.perennial.fetch.MigratedDatabase;
import io.perennial.fetch.access.AccessTokens;
import io.perennial.fetch.orders.ProviderTime;
import io.perennial.fetch.outage.ProviderOutages;
import io.perennial.fetch.quota.QuotaBuckets;
import io.perennial.fetch.retry.RetryStore;
import io.perennial.fetch.watermark.GapConfig;
import io.perennial.outbox.Outbox;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithPerennial(database = "fetch", sandbox = true)
@FetchService
class FetchLoopTest {
    @Inject
    Vertx vertx;

    @Inject
    Outbox outbox;

    @Inject
    AccessTokens access;

    @Inject
    ProviderOutages outages;

    @Inject
    QuotaBuckets quota;

    @Inject
    SubscriptionChecks subscriptions;

    @Inject
    RetryStore retries;

    @Inject
    PageStore pages;

    @Inject
    FetchMetrics metrics;

    @Inject
    GapConfig gaps;

    @Inject
    ProviderTime providerTime;

    @Inject
    DomainClock clock;

    @Test
    void a_step_that_throws_at_once_shows_in_its_job_and_the_next_one_is_claimed() {
        try (MigratedDatabase database = new MigratedDatabase("fetch_loop")) {
            FetchLoop loop = withoutStrategies(database);
            for (int fetches = 1; fetches <= 2; fetches++) {
                due(database);
                loop.wake();
                String all = Integer.toString(fetches);
                await().until(() -> failed(database).equals(List.of(all)));
            }
        }
    }

    @Test
    void a_claim_that_is_never_answered_is_not_the_last() {
        try (MigratedDatabase database = new MigratedDatabase("fetch_loop_claim")) {
            FetchLoop loop = withoutStrategies(database, Map.of("perennial.backfill.longest-claim", "PT3S"));
            database.hangOnce("fetch_job", "new.lease_epoch <> old.lease_epoch");
            try {
                due(database);
                loop.wake();
                await().until(() -> database.hanging() == 1);
                due(database);
                await().until(() -> {
                    loop.wake();
                    return failed(database).equals(List.of("1"));
                });
                assertThat(database.hanging()).isEqualTo(1);
            } finally {
                database.endOfHanging();
            }
        }
    }

    @Test
    void a_step_that_never_ends_keeps_neither_its_worker_nor_its_lease() throws InterruptedException {
        try (MigratedDatabase database = new MigratedDatabase("fetch_loop_step")) {
            FetchLoop loop = withoutStrategies(
                    database, Map.of("perennial.backfill.parallel", "1", "perennial.backfill.longest-step", "PT1S"));
            database.hangOnce("fetch_job", "new.code = 'INTERNAL'");
            try {
                due(database);
                loop.start(new StartupEvent());
                await().until(() -> database.hanging() == 1);
                // Before the other one, whose row is still locked.
                due(database, clock.instant().minusSeconds(60));
                await().until(() -> failed(database).equals(List.of("1")));
                assertThat(database.hanging()).isEqualTo(1);
            } finally {
                loop.stop(new ShutdownEvent());
                database.endOfHanging();
            }
        }
    }

    private FetchLoop withoutStrategies(MigratedDatabase database) {
        return withoutStrategies(database, Map.of());
    }

    /** No fetch can be read by any step of it. */
    private FetchLoop withoutStrategies(MigratedDatabase database, Map<String, String> settings) {
        BackfillConfig limits = new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(settings, "test", 500))
                .withMapping(BackfillConfig.class)
                .build()
                .getConfigMapping(BackfillConfig.class);
        FetchStep step = new FetchStep(
                access,
                outages,
                quota,
                List.of(),
                subscriptions,
                retries,
                pages,
                new FetchJobs(database.pool()),
                metrics,
                limits,
                gaps,
                providerTime,
                clock);
        return new FetchLoop(vertx, new FetchClaims(database.pool()), step, outbox, limits, clock);
    }

    private static List<String> failed(MigratedDatabase database) {
        return database.texts("select count(*) from fetch_job where code = 'INTERNAL' and lease_until is null");
    }

    private void due(MigratedDatabase database) {
        due(database, clock.instant());
    }

    private static void due(MigratedDatabase database, Instant at) {
        database.execute(
                """
                with seller as (
                    insert into connection_view (connection_id, tenant_id, external_id, provider, region, generation, state,
                                                 seen_sequence)
                    values (gen_random_uuid(), 't', '1', 'AMAZON_SELLER', 'EU', 1, 'ACTIVE', 1)
                    returning connection_id, tenant_id)
                insert into fetch_job (id, connection_id, tenant_id, reason, state, marketplaces, window_from, window_to,
                                       part_from, part_to, caused_at, requested_at, next_attempt_at, priority)
                select gen_random_uuid(), connection_id, tenant_id, 'DAILY', 'WAITING', '{*}', '2026-02-01Z', '2026-03-01Z',
                       '2026-02-01Z', '2026-03-01Z', '2026-03-01Z', '2026-03-01Z', ?, 1
                from seller
                """,
                at.atOffset(ZoneOffset.UTC));
    }
}
