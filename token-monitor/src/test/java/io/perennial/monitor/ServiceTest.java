package io.perennial.monitor;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.Topics;
import io.perennial.testsupport.Events;
import io.perennial.testsupport.PerennialKafka;
import io.perennial.testsupport.ReceivedEvent;
import io.perennial.testsupport.TestClock;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole service: events in from the real broker, events out to it. */
@QuarkusTest
@WithPerennial(database = "monitor")
@WithTestResource(Issuer.class)
class ServiceTest {
    private static final Duration DAY = Duration.ofDays(1);

    @Inject
    Pool pool;

    @TestHTTPResource(value = "/health/ready", management = true)
    String ready;

    @TestHTTPResource(value = "/health/live", management = true)
    String live;

    @TestHTTPResource(value = "/metrics", management = true)
    String metrics;

    private final String broker = PerennialKafka.shared().bootstrapServers();
    private final TestClock clock = TestClock.shared();
    private final ConnectionEvents merchant = ConnectionEvents.ofTenant("acme");
    private ConnectionTopic topic;
    private Events announced;

    @BeforeEach
    void open() {
        topic = new ConnectionTopic();
        announced = Events.fromNow(broker, Topics.EXPIRY);
    }

    @AfterEach
    void close() {
        topic.close();
        announced.close();
    }

    @Test
    void the_life_of_a_grant_is_announced_to_its_end_and_eight_weeks_beyond() {
        Instant start = now();
        topic.tell(merchant.created(start), merchant.authorized(start));
        untilWatched(1);

        clock.advance(DAY.multipliedBy(335));
        ReceivedEvent first = expiring(30);
        for (int days : List.of(23, 16, 9, 2)) {
            clock.advance(DAY.multipliedBy(7));
            expiring(days);
        }
        clock.advance(DAY.multipliedBy(2));
        expiring(0);
        for (int week = 1; week <= 8; week++) {
            clock.advance(DAY.multipliedBy(7));
            overdue(week);
        }
        clock.advance(DAY.multipliedBy(30));
        probeOfQuiet();

        assertThat(aboutMerchant()).hasSize(14);
        assertThat(aboutMerchant()).allSatisfy(ServiceTest::satisfiesItsSchema);
        assertThat(first.key()).isEqualTo(merchant.id().toString());
        assertThat(first.headers())
                .containsEntry("ce_type", "io.perennial.TokenExpiring.v1")
                .containsEntry("ce_source", "/perennial/token-monitor")
                .containsEntry("ce_subject", merchant.id().toString())
                .containsEntry("ce_specversion", "1.0")
                .containsEntry("ce_sequence", "1")
                .containsEntry("content-type", "application/json")
                .containsKeys("ce_id", "ce_time", "traceparent");
        assertThat(first.data().path("daysLeft").asInt()).isEqualTo(30);
        assertThat(Instant.parse(first.data().path("endsAt").asText())).isEqualTo(start.plus(ConnectionEvents.YEAR));
    }

    @Test
    void a_renewal_stops_the_stages_and_a_late_event_of_the_old_grant_changes_nothing() {
        Instant start = now();
        topic.tell(merchant.created(start), merchant.authorized(start));
        untilWatched(1);
        clock.advance(DAY.multipliedBy(335));
        expiring(30);

        EventEnvelope late = merchant.expired(1, now(), start.plus(ConnectionEvents.YEAR));
        topic.tell(merchant.renewed(2, now()));
        untilWatched(2);
        topic.tell(late);
        clock.advance(DAY.multipliedBy(60));
        probeOfQuiet();

        assertThat(aboutMerchant()).hasSize(1);
        clock.advance(DAY.multipliedBy(335 - 60));
        assertThat(announced
                        .await("TokenExpiring", merchant.id().toString(), 2)
                        .data()
                        .path("stage")
                        .asInt())
                .isEqualTo(30);
    }

    @Test
    void a_record_that_nobody_can_read_is_set_aside_and_the_partition_goes_on() {
        try (Events deadLetters = Events.fromNow(broker, Topics.deadLetters(Topics.CONNECTIONS, "token-monitor"))) {
            Instant end = now().plus(DAY.multipliedBy(5));
            String key = merchant.id().toString();
            topic.send(
                    key,
                    Map.of(
                            "ce_type",
                            "io.perennial.TokenRenewed.v1",
                            "ce_id",
                            UUID.randomUUID().toString()),
                    "{\"secret\":".getBytes(StandardCharsets.UTF_8));
            topic.tell(merchant.authorized(end.minus(ConnectionEvents.YEAR)));

            assertThat(expiring(9).data().path("daysLeft").asInt()).isEqualTo(5);
            ReceivedEvent dead = deadLetters.await("a dead letter", event -> key.equals(event.key()));
            assertThat(dead.headers().get("dead-letter-reason")).isNotBlank();
            assertThat(dead.headers().toString()).doesNotContain("secret");
        }
    }

    @Test
    void an_event_delivered_twice_has_one_effect() {
        EventEnvelope authorized = merchant.authorized(now().minus(DAY.multipliedBy(340)));
        topic.tell(authorized, authorized);
        expiring(30);

        topic.tell(authorized);
        probeOfQuiet();

        assertThat(aboutMerchant()).hasSize(1);
    }

    @Test
    void cut_database_sessions_lose_and_double_nothing() {
        topic.tell(merchant.authorized(now().minus(DAY.multipliedBy(334))));
        untilWatched(1);
        pool.query("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()"
                        + " and usename = current_user")
                .execute()
                .await()
                .atMost(Duration.ofSeconds(10));

        clock.advance(DAY.multipliedBy(1));
        expiring(30);
        probeOfQuiet();

        assertThat(aboutMerchant()).hasSize(1);
    }

    @Test
    void statements_are_planned_for_their_own_parameters() {
        String settings = "select current_setting('plan_cache_mode'), current_setting('random_page_cost')";

        Row row = pool.query(settings)
                .execute()
                .await()
                .atMost(Duration.ofSeconds(10))
                .iterator()
                .next();

        assertThat(row.getString(0)).isEqualTo("force_custom_plan");
        assertThat(row.getString(1)).isEqualTo("1.1");
    }

    @Test
    void health_and_metrics_show_the_loop() {
        await("the service is ready, also after its sessions were cut")
                .untilAsserted(() -> given().get(ready).then().statusCode(200).body("status", equalTo("UP")));
        given().get(live).then().statusCode(200);
        given().get(metrics)
                .then()
                .statusCode(200)
                .body(containsString("perennial_expiry_announced_total{stage=\"OVERDUE_8\"}"))
                .body(containsString("perennial_expiry_cycles_total{outcome=\"IDLE\"}"))
                .body(containsString("perennial_expiry_lag_last_seconds"))
                .body(containsString("perennial_expiry_oldest_due_seconds"))
                .body(containsString("perennial_expiry_watched"));
    }

    /** Once a later connection is announced, everything that was due before it is announced too. */
    private void probeOfQuiet() {
        ConnectionEvents probe = ConnectionEvents.ofTenant("probe");
        topic.tell(probe.authorized(now().minus(DAY.multipliedBy(340))));
        announced.await("TokenExpiring", probe.id().toString());
        announced.upToNow();
    }

    private void untilWatched(int generation) {
        String token = Issuer.token("viewer", "acme");
        await("the projection has generation " + generation)
                .until(() -> given().auth()
                                .oauth2(token)
                                .queryParam("withinDays", 400)
                                .queryParam("limit", 200)
                                .get("/api/expiries")
                                .jsonPath()
                                .getList("items.findAll { it.connectionId == '" + merchant.id()
                                        + "' && it.generation == " + generation + " }")
                                .size()
                        == 1);
    }

    private ReceivedEvent expiring(int stage) {
        return announced.await(
                "stage " + stage,
                event -> ofMerchant(event)
                        && event.type().equals("TokenExpiring")
                        && event.data().path("stage").asInt() == stage);
    }

    private ReceivedEvent overdue(int week) {
        return announced.await(
                "week " + week,
                event -> ofMerchant(event)
                        && event.type().equals("RenewalOverdue")
                        && event.data().path("week").asInt() == week);
    }

    private List<ReceivedEvent> aboutMerchant() {
        return announced.received().stream().filter(this::ofMerchant).toList();
    }

    private boolean ofMerchant(ReceivedEvent event) {
        return event.connectionId().equals(merchant.id().toString());
    }

    private Instant now() {
        return clock.now().truncatedTo(ChronoUnit.MICROS);
    }

    private static void satisfiesItsSchema(ReceivedEvent event) {
        JsonSchema schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(ServiceTest.class.getResourceAsStream("/perennial/schema/" + event.type() + ".v1.json"));
        JsonNode data = event.data();
        assertThat(schema.validate(data, context -> context.getExecutionConfig().setFormatAssertionsEnabled(true)))
                .isEmpty();
    }
}
