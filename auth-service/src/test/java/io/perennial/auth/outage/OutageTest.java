package io.perennial.auth.outage;

import static io.perennial.auth.Api.admin;
import static io.perennial.auth.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.micrometer.core.instrument.MeterRegistry;
import io.perennial.auth.Amazon;
import io.perennial.auth.Amazon.Seller;
import io.perennial.auth.Keys;
import io.perennial.auth.Shop;
import io.perennial.auth.application.PlatformEvents;
import io.perennial.auth.audit.AuditTrail;
import io.perennial.auth.connection.ConnectionVerdicts;
import io.perennial.auth.connection.lifecycle.Verdict;
import io.perennial.clock.DomainClock;
import io.perennial.contracts.OutageReason;
import io.perennial.contracts.Region;
import io.perennial.contracts.Topics;
import io.perennial.outbox.Outbox;
import io.perennial.testsupport.Events;
import io.perennial.testsupport.PerennialKafka;
import io.perennial.testsupport.ReceivedEvent;
import io.perennial.testsupport.TestClock;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithPerennial(database = "auth", sandbox = true)
@WithTestResource(Keys.class)
class OutageTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Object CLIENT_REFUSED =
            Map.of("operation", "token", "kind", "client-secret-expired", "seed", 1);
    private static final Object GRANTS_REFUSED =
            Map.of("operation", "token.refresh_token", "kind", "invalid-grant", "seed", 1);

    @Inject
    Pool pool;

    @Inject
    OutageStore store;

    @Inject
    PlatformEvents platform;

    @Inject
    Outbox outbox;

    @Inject
    OutageConfig config;

    @Inject
    DomainClock clock;

    @Inject
    MeterRegistry meters;

    @Inject
    Outages outages;

    @Inject
    AuditTrail audit;

    @Inject
    ConnectionVerdicts verdicts;

    private final List<Shop> planted = new ArrayList<>();
    private Shop shop;
    private String app;

    @BeforeEach
    void a_shop() {
        shop = Shop.withApplicationOfItsOwn();
        app = shop.application();
    }

    @AfterEach
    void no_trouble() {
        Amazon.faults();
        unplant();
        admin().delete("/api/outages/" + app + "/EU");
    }

    @Test
    void faults_in_a_row_stop_every_question_and_mark_nobody_until_a_trial_succeeds() {
        UUID connection = shop.connected("shop-1", Amazon.nextSeller("EU"));
        try (Events events = events()) {
            Amazon.faults(CLIENT_REFUSED);
            for (int i = 0; i < config.faults(); i++) {
                assertThat(probe(connection)).isEqualTo("ACTIVE UNKNOWN");
            }
            assertThat(reasons()).containsExactly("CLIENT_REFUSED");
            ReceivedEvent detected = events.await("ProviderOutageDetected", app);
            assertThat(detected.data().path("region").asText()).isEqualTo("EU");
            assertThat(detected.data().path("reason").asText()).isEqualTo("CLIENT_REFUSED");

            Outages otherReplica = new Outages(pool, store, platform, outbox, audit, config, clock, meters);
            otherReplica.tick().await().atMost(PATIENCE);
            assertThat(otherReplica.open(UUID.fromString(app), Region.EU)).isTrue();

            long before = Amazon.logEnd();
            TestClock.shared().advance(Duration.ofMinutes(59).plusSeconds(30));
            as("token-reader", "*")
                    .post("/api/connections/" + connection + "/access-token")
                    .then()
                    .statusCode(503)
                    .body("code", equalTo("PROVIDER_UNAVAILABLE"));
            assertThat(Amazon.tokenCalls(before, "refresh_token")).isZero();

            Amazon.faults();
            awaitTrialThatEndsIt();
            ReceivedEvent cleared = events.await("ProviderOutageCleared", app);
            assertThat(cleared.data().path("since")).isEqualTo(detected.data().path("occurredAt"));
            assertThat(probe(connection)).isEqualTo("ACTIVE ALIVE");
            assertThat(toldOf(events, connection)).isEmpty();
        }
    }

    @Test
    void a_wave_of_refusals_that_heals_marks_nobody() {
        UUID connection = shop.connected("shop-1", Amazon.nextSeller("EU"));
        plantWave();
        try (Events events = events()) {
            Amazon.faults(GRANTS_REFUSED);
            assertThat(probe(connection)).isEqualTo("SUSPECT REFUSED");
            assertThat(reasons()).containsExactly("MASS_REFUSAL");
            events.await("ProviderOutageDetected", app);

            TestClock.shared().advance(Duration.ofMinutes(2).plusSeconds(5));
            assertThat(probe(connection)).as("nothing is asked").isEqualTo("SUSPECT UNKNOWN");

            unplant();
            Amazon.faults();
            awaitTrialThatEndsIt();
            await().atMost(PATIENCE).until(() -> shop.state(connection).equals("ACTIVE"));
            assertThat(toldOf(events, connection)).isEmpty();
        }
    }

    @Test
    void a_wave_that_lasts_while_others_work_is_believed_after_a_new_second_look() {
        Seller gone = Amazon.nextSeller("EU");
        UUID connection = shop.connected("shop-1", gone);
        shop.connected("shop-2", Amazon.nextSeller("EU"));
        plantWave();
        Amazon.revoke(gone);
        assertThat(probe(connection)).isEqualTo("SUSPECT REFUSED");
        assertThat(reasons()).containsExactly("MASS_REFUSAL");

        unplant();
        long before = Amazon.logEnd();
        trialIsDue();
        await().atMost(PATIENCE).until(() -> Amazon.tokenCalls(before, "refresh_token") > 0);
        assertThat(reasons()).as("it may still be the provider").containsExactly("MASS_REFUSAL");

        TestClock.shared().advance(config.waveHold().plusMinutes(1));
        awaitTrialThatEndsIt();
        assertThat(shop.state(connection)).as("suspicion begins anew").isEqualTo("SUSPECT");
        TestClock.shared().advance(Duration.ofMinutes(2).plusSeconds(5));
        await().atMost(PATIENCE).until(() -> shop.state(connection).equals("REVOKED"));
    }

    /** The second look comes after two minutes, the window has five: who was revoked meanwhile is still part of the wave. */
    @Test
    void a_slow_wave_opens_the_breaker_too() {
        List<UUID> grants = plantGrants();
        for (int i = 0; i < config.waveGrants(); i++) {
            assertThat(reasons()).as("after %d refusals", i).isEmpty();
            if (i > 0 && i % 4 == 0) {
                aMinutePasses();
            }
            if (i >= 8) {
                refuse(grants.get(i - 8));
            }
            refuse(grants.get(i));
        }
        assertThat(shop.state(grants.get(0))).isEqualTo("REVOKED");
        assertThat(reasons()).containsExactly("MASS_REFUSAL");
    }

    @Test
    void who_ends_an_outage_by_hand_stands_in_the_trail() {
        outages.detect(UUID.fromString(app), Region.EU, OutageReason.MASS_REFUSAL)
                .await()
                .atMost(PATIENCE);
        admin().delete("/api/outages/" + app + "/EU").then().statusCode(204);
        admin().delete("/api/outages/" + app + "/EU").then().statusCode(404);

        String line = "items.findAll { it.reason == '" + app + " EU MASS_REFUSAL' }.";
        admin().get("/api/audit?limit=200&kind=OUTAGE_ENDED")
                .then()
                .body(line + "size()", equalTo(1))
                .body(line + "actor[0].isEmpty()", equalTo(false))
                .body(line + "origin[0]", equalTo("127.0.0.1"));
    }

    private void aMinutePasses() {
        Instant then = clock.instant().plus(Duration.ofMinutes(1));
        TestClock.shared().advance(Duration.ofMinutes(1));
        await().atMost(PATIENCE).until(() -> !clock.instant().isBefore(then));
    }

    /** As a probe would say it; none is made by itself, because nobody has these grants. */
    private void refuse(UUID connection) {
        verdicts.record(new Verdict(connection, 1, false)).await().atMost(PATIENCE);
        execute("update connection set next_probe_at = null where id = $1", Tuple.of(connection));
    }

    private void plantWave() {
        OffsetDateTime now = TestClock.shared().now().atOffset(ZoneOffset.UTC);
        plantGrants();
        for (Shop other : planted) {
            execute(
                    "update connection set state = 'SUSPECT', suspect_since = $2 where tenant_id = $1",
                    Tuple.of(other.tenant(), now));
            execute(
                    """
                    insert into audit_entry (tenant_id, connection_id, generation, kind, actor, from_state, to_state,
                                             occurred_at)
                    select tenant_id, id, 1, 'STATE_CHANGED', 'provider', 'ACTIVE', 'SUSPECT', $2
                      from connection where tenant_id = $1
                    """,
                    Tuple.of(other.tenant(), now));
        }
    }

    /** Enough for a wave, of enough tenants in turn. */
    private List<UUID> plantGrants() {
        Instant end = TestClock.shared().now().plus(Duration.ofDays(90));
        for (int tenant = 0; tenant < config.waveTenants(); tenant++) {
            planted.add(shop.neighbour());
        }
        List<UUID> grants = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            for (Shop other : planted) {
                grants.add(other.connection("shop-" + i, null));
            }
        }
        for (Shop other : planted) {
            execute(
                    """
                    update connection
                       set state = 'ACTIVE', generation = 1, account_id = 'A' || external_id, ends_at = $2
                     where tenant_id = $1
                    """,
                    Tuple.of(other.tenant(), end.atOffset(ZoneOffset.UTC)));
        }
        return grants;
    }

    private void unplant() {
        planted.forEach(other -> execute(
                "update connection set state = 'DISCONNECTED', suspect_since = null where tenant_id = $1",
                Tuple.of(other.tenant())));
        planted.clear();
    }

    private void trialIsDue() {
        execute("update provider_health set trial_at = clock_timestamp()", Tuple.tuple());
    }

    private void awaitTrialThatEndsIt() {
        await().atMost(PATIENCE).until(() -> {
            trialIsDue();
            return reasons().isEmpty();
        });
    }

    private List<String> reasons() {
        return as("viewer", "*")
                .get("/api/outages")
                .then()
                .statusCode(200)
                .extract()
                .path("items.findAll { it.appId == '" + app + "' }.reason");
    }

    /** What the world was told of the connection's grant meanwhile. */
    private static List<String> toldOf(Events events, UUID connection) {
        return events.upToNow().stream()
                .filter(event -> event.connectionId().equals(connection.toString()))
                .map(ReceivedEvent::type)
                .toList();
    }

    private void execute(String sql, Tuple values) {
        pool.preparedQuery(sql).execute(values).await().atMost(PATIENCE);
    }

    private static String probe(UUID connection) {
        var answer = as("operator", "*")
                .post("/api/connections/" + connection + "/probe")
                .then()
                .statusCode(200)
                .extract();
        return answer.path("state") + " " + answer.path("result");
    }

    private static Events events() {
        return Events.fromNow(PerennialKafka.shared().bootstrapServers(), Topics.PLATFORM, Topics.CONNECTIONS);
    }
}
