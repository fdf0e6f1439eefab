package io.perennial.auth.connection;

import static io.perennial.auth.Api.admin;
import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.auth.Api;
import io.perennial.auth.Keys;
import io.perennial.auth.connection.lifecycle.ProbingConfig;
import io.perennial.testsupport.TestClock;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.scheduler.Scheduler;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a round of probing claims. The loop itself pauses meanwhile: it would take the same. */
@QuarkusTest
@WithPerennial(database = "auth", sandbox = true)
@WithTestResource(Keys.class)
class ProbeBudgetTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int DUE = 60;

    @Inject
    ConnectionReader reader;

    @Inject
    ProbingConfig probing;

    @Inject
    Pool pool;

    @Inject
    Scheduler scheduler;

    private final List<UUID> due = new ArrayList<>();
    private String app;

    @BeforeEach
    void many_connections_are_due() {
        scheduler.pause();
        app = admin().body(Map.of(
                        "name", "budget-" + UUID.randomUUID(),
                        "provider", "AMAZON_VENDOR",
                        "clientId", "c",
                        "clientSecret", "s",
                        "applicationId", "a",
                        "redirectUri", "https://app.example/callback"))
                .post("/api/apps")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        String tenant = "t" + UUID.randomUUID();
        for (int i = 0; i < DUE; i++) {
            Map<String, Object> body = new HashMap<>(Api.connection(tenant, "shop-" + i));
            body.put("provider", "AMAZON_VENDOR");
            body.put("app", app);
            due.add(UUID.fromString(admin().body(body)
                    .post("/api/connections")
                    .then()
                    .statusCode(201)
                    .extract()
                    .path("id")));
            execute(
                    """
                    update connection set state = 'ACTIVE', generation = 1, account_id = 'A' || external_id,
                           next_probe_at = $2 where id = $1
                    """,
                    Tuple.of(due.get(i), now().minusSeconds(DUE - i).atOffset(ZoneOffset.UTC)));
        }
    }

    @AfterEach
    void none_is_due() {
        execute("update connection set next_probe_at = null where app_id = $1", Tuple.of(UUID.fromString(app)));
        scheduler.resume();
    }

    @Test
    void a_round_takes_the_oldest_within_the_budget_of_the_application() {
        budget(0);
        assertThat(claim(10)).as("nothing is left of the budget").hasSizeLessThan(10);
        budget(1_000_000);
        List<UUID> burst = claim(10);
        assertThat(burst).as("two seconds' worth at once").hasSize(20);
        assertThat(due.subList(0, 30)).as("the oldest first").containsAll(burst);
        assertThat(claim(10)).as("and then as many as a second brings").hasSizeLessThan(20);
    }

    @Test
    void the_oldest_that_may_be_claimed_tells_how_late_probing_is() {
        Instant oldest = Instant.parse("2020-01-01T00:00:00Z");
        execute(
                "update connection set next_probe_at = $2 where id = $1",
                Tuple.of(due.get(7), oldest.atOffset(ZoneOffset.UTC)));
        assertThat(oldestDue()).isEqualTo(oldest);

        admin().post("/api/apps/" + app + "/suspend").then().statusCode(200);
        assertThat(oldestDue()).as("nobody may probe for it").isNotEqualTo(oldest);
        admin().post("/api/apps/" + app + "/resume").then().statusCode(200);
        assertThat(oldestDue()).isEqualTo(oldest);
    }

    private Instant oldestDue() {
        return reader.oldestDueProbe().await().atMost(PATIENCE);
    }

    @Test
    void nothing_is_claimed_during_an_outage_or_a_suspension() {
        budget(1_000_000);
        execute(
                """
                insert into provider_health (app_id, region, reason, opened_at, trial_at)
                values ($1, 'EU', 'PROVIDER_BROKEN', $2, clock_timestamp() + interval '1 hour')
                """,
                Tuple.of(UUID.fromString(app), now().atOffset(ZoneOffset.UTC)));
        assertThat(claim(10)).isEmpty();
        execute("delete from provider_health where app_id = $1", Tuple.of(UUID.fromString(app)));

        admin().post("/api/apps/" + app + "/suspend").then().statusCode(200);
        assertThat(claim(10)).isEmpty();
        admin().post("/api/apps/" + app + "/resume").then().statusCode(200);
        assertThat(claim(10)).isNotEmpty();
    }

    private List<UUID> claim(int aSecond) {
        return reader
                .claimDueProbes(now(), now().plus(Duration.ofMinutes(1)), new Budget(probing, aSecond))
                .await()
                .atMost(PATIENCE)
                .stream()
                .filter(due::contains)
                .toList();
    }

    private void budget(double left) {
        execute(
                "update app set probe_tokens = $2, probe_refilled_at = clock_timestamp() where id = $1",
                Tuple.of(UUID.fromString(app), left));
    }

    private static Instant now() {
        return TestClock.shared().now();
    }

    private void execute(String sql, Tuple values) {
        pool.preparedQuery(sql).execute(values).await().atMost(PATIENCE);
    }

    private record Budget(ProbingConfig rest, int budget) implements ProbingConfig {
        @Override
        public boolean enabled() {
            return rest.enabled();
        }

        @Override
        public Duration interval() {
            return rest.interval();
        }

        @Override
        public Duration secondLook() {
            return rest.secondLook();
        }

        @Override
        public Duration deadInterval() {
            return rest.deadInterval();
        }

        @Override
        public Duration retry() {
            return rest.retry();
        }

        @Override
        public int concurrency() {
            return rest.concurrency();
        }

        @Override
        public int batch() {
            return rest.batch();
        }
    }
}
