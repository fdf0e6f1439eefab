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
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.EndsAtSource;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.EventType;
import io.perennial.contracts.TenantRef;
import io.perennial.contracts.TenantState;
import io.perennial.contracts.Topics;
import io.perennial.launcher.replay.Rebuild;
import io.perennial.outbox.Outbox;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
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

    @Inject
    Outbox outbox;

    @Inject
    MeterRegistry meters;

    private final String broker = PerennialKafka.shared().bootstrapServers();
    private final TestClock clock = TestClock.shared();
    private final ConnectionEvents merchant = ConnectionEvents.ofTenant("acme");
    private ConnectionTopic topic;
    private Events announced;

    /** A busy machine takes longer than the library's ten seconds. */
    @BeforeAll
    static void patience() {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
    }

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
        assertThat(first.data().path("endsAtSource").asText()).isEqualTo("RULE");
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
    void a_tenant_that_chooses_other_stages_has_them_for_connections_that_were_planned_before() {
        String tenant = "choosy-" + UUID.randomUUID();
        ConnectionEvents planned = ConnectionEvents.ofTenant(tenant);
        topic.tell(planned.authorized(now()));
        untilDue(tenant, 30);

        topic.tell(new EventEnvelope(
                UUID.randomUUID(),
                EventType.TENANT_STATE,
                "/perennial/auth-service",
                now(),
                1,
                null,
                new TenantState(new TenantRef(tenant, now()), List.of(200, 0), 1)));
        untilDue(tenant, 200);
        clock.advance(DAY.multipliedBy(166));

        ReceivedEvent first = announced.await("TokenExpiring", planned.id().toString());
        assertThat(first.data().path("stage").asInt()).isEqualTo(200);
        assertThat(first.data().path("daysLeft").asInt()).isEqualTo(199);
        ConnectionEvents later = ConnectionEvents.ofTenant(tenant);
        topic.tell(later.authorized(now().minus(DAY.multipliedBy(180))));
        assertThat(announced
                        .await("TokenExpiring", later.id().toString())
                        .data()
                        .path("stage")
                        .asInt())
                .isEqualTo(200);
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
    void events_that_can_not_be_true_are_set_aside_and_the_row_stays_with_its_tenant() {
        String tenant = "robbed-" + UUID.randomUUID();
        ConnectionEvents planned = ConnectionEvents.ofTenant(tenant);
        String key = planned.id().toString();
        Instant start = now();
        topic.tell(planned.authorized(start));
        untilDue(tenant, 30);
        List<String> before = rowsOf(tenant);
        ConnectionEvents thief = planned.claimedBy("thief");
        Instant later = start.plus(ConnectionEvents.YEAR);
        try (Events deadLetters = Events.fromNow(broker, Topics.deadLetters(Topics.CONNECTIONS, "token-monitor"))) {
            topic.tell(
                    thief.renewed(2, start),
                    thief.updated(1, start, "Stolen", later),
                    planned.updated(1, start, "Sh\0p", later),
                    planned.updated(1, start, "Shop", Instant.parse("+1000000-01-01T00:00:00Z")),
                    planned.renewed(2, Instant.parse("9999-01-01T00:00:00Z")));

            assertThat(deadLetters.awaitCount(5, "dead letters", event -> key.equals(event.key())))
                    .extracting(event -> event.headers().get("dead-letter-reason"))
                    .containsExactlyInAnyOrder(
                            "OTHER_TENANT", "OTHER_TENANT", "UNUSABLE_TEXT", "IMPOSSIBLE_TIME", "IMPOSSIBLE_TIME");
        }
        assertThat(rowsOf(tenant)).isEqualTo(before);
        assertThat(rowsOf("thief")).isEmpty();

        topic.tell(planned.updated(1, start, "Renamed", null));
        await("the partition goes on")
                .untilAsserted(() -> assertThat(rowsOf(tenant).toString()).contains("Renamed"));
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
    void a_projection_that_is_rebuilt_while_it_runs_ends_as_it_was() {
        Instant start = now().minus(DAY.multipliedBy(345));
        Instant end = start.plus(ConnectionEvents.YEAR);
        String tenant = "rebuilt-" + UUID.randomUUID();
        ConnectionEvents reminded = ConnectionEvents.ofTenant(tenant);
        ConnectionEvents renewed = ConnectionEvents.ofTenant(tenant);
        ConnectionEvents revoked = ConnectionEvents.ofTenant(tenant);
        ConnectionEvents expired = ConnectionEvents.ofTenant(tenant);
        ConnectionEvents waiting = ConnectionEvents.ofTenant(tenant);
        topic.tell(
                reminded.authorized(start),
                reminded.state(1, start, ConnectionStatus.ACTIVE, reminded.externalId(), end, EndsAtSource.RULE),
                renewed.created(start),
                renewed.authorized(start),
                renewed.renewed(2, now()),
                renewed.updated(2, now(), "Renamed", end.plus(DAY.multipliedBy(300))),
                renewed.state(
                        2,
                        now(),
                        ConnectionStatus.SUSPECT,
                        "Renamed",
                        end.plus(DAY.multipliedBy(300)),
                        EndsAtSource.OPERATOR),
                revoked.authorized(start),
                revoked.revoked(1, start.plus(DAY.multipliedBy(340)), end),
                revoked.state(
                        1,
                        start.plus(DAY.multipliedBy(340)),
                        ConnectionStatus.REVOKED,
                        revoked.externalId(),
                        end,
                        EndsAtSource.RULE),
                expired.authorized(start.minus(DAY.multipliedBy(30))),
                expired.expired(1, now(), end.minus(DAY.multipliedBy(30))),
                expired.state(
                        1,
                        now(),
                        ConnectionStatus.EXPIRED,
                        expired.externalId(),
                        end.minus(DAY.multipliedBy(30)),
                        EndsAtSource.RULE),
                waiting.created(now()),
                waiting.state(0, now(), ConnectionStatus.PENDING, "Shop", null, null));
        announced.await("TokenExpiring", reminded.id().toString());
        announced.await("RenewalOverdue", expired.id().toString());
        await("all five").untilAsserted(() -> assertThat(rowsOf(tenant).toString())
                .contains("REVOKED", "EXPIRED", "PENDING", "Renamed", reminded.externalId()));
        List<String> before = rowsOf(tenant);

        execute("delete from watched_connection where tenant_id = '" + tenant
                + "' and state in ('PENDING', 'REVOKED')");
        execute("delete from watched_connection where connection_id = '" + reminded.id() + "'");
        execute("update watched_connection set label = 'Damaged', ends_at = ends_at - interval '99 hours',"
                + " state = 'PENDING', next_due_at = null where tenant_id = '" + tenant + "'");
        execute(
                """
                with strayed as (
                    update watched_connection set tenant_id = 'nobody'
                    where tenant_id = '%1$s' and lapses_on is not null
                    returning lapses_on
                ), counted as (
                    insert into expiry_day (tenant_id, day, connections)
                    select 'nobody', lapses_on, count(*) from strayed group by lapses_on
                )
                delete from expiry_day where tenant_id = '%1$s'
                """
                        .formatted(tenant));
        int told = Rebuild.of("token-monitor").run(Map.of("bootstrap.servers", broker));

        assertThat(told).isGreaterThanOrEqualTo(5);
        await("as it was").untilAsserted(() -> assertThat(rowsOf(tenant)).isEqualTo(before));
        probeOfQuiet();
        assertThat(announced.received().stream().filter(event -> event.connectionId()
                        .equals(reminded.id().toString())))
                .hasSize(1);
        Rebuild.of("token-monitor").run(Map.of("bootstrap.servers", broker));
        execute("update watched_connection set label = 'Damaged again' where connection_id = '" + reminded.id() + "'");
        Rebuild.of("token-monitor").run(Map.of("bootstrap.servers", broker));
        await("as it was, again").untilAsserted(() -> assertThat(rowsOf(tenant)).isEqualTo(before));
    }

    private List<String> rowsOf(String tenant) {
        List<String> rows = new ArrayList<>();
        pool.query(
                        """
                        select connection_id, external_id, provider, region, generation, label, state, ends_at,
                               ends_at_source, revoked_at, told, next_due_at, set_aside_at
                        from watched_connection where tenant_id = '%s' order by connection_id
                        """
                                .formatted(tenant))
                .execute()
                .await()
                .atMost(Duration.ofMinutes(1))
                .forEach(row -> rows.add(row.toJson().encode()));
        return rows;
    }

    private void execute(String sql) {
        pool.query(sql).execute().await().atMost(Duration.ofSeconds(60));
    }

    @Test
    void cut_database_sessions_lose_and_double_nothing() {
        topic.tell(merchant.authorized(now().minus(DAY.multipliedBy(334))));
        untilWatched(1);
        pool.query("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()"
                        + " and usename = current_user")
                .execute()
                .await()
                .atMost(Duration.ofMinutes(1));

        clock.advance(DAY.multipliedBy(1));
        expiring(30);
        probeOfQuiet();

        assertThat(aboutMerchant()).hasSize(1);
    }

    @Test
    void while_an_update_rolls_no_announcement_meets_a_relay_that_can_not_render_it() {
        execute("insert into outbox_relay (relay, slot_groups, seen_at)"
                + " values ('older', 4, clock_timestamp() + interval '1 hour')");
        try {
            await("the older relay is seen").until(() -> !outbox.renders());
            topic.tell(merchant.authorized(now().minus(DAY.multipliedBy(340))));
            untilWatched(1);
            Counter cycles = meters.get("perennial.expiry.cycles")
                    .tag("outcome", "OLDER_RELAY")
                    .counter();
            double before = cycles.count();
            await("two cycles that claimed nothing").until(() -> cycles.count() >= before + 2);
            announced.upToNow();
            assertThat(aboutMerchant()).isEmpty();
        } finally {
            execute("delete from outbox_relay where relay = 'older'");
        }

        expiring(30);
    }

    @Test
    void statements_are_planned_for_their_own_parameters() {
        String settings = "select current_setting('plan_cache_mode'), current_setting('random_page_cost')";

        Row row = pool.query(settings)
                .execute()
                .await()
                .atMost(Duration.ofMinutes(1))
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
                .body(containsString("perennial_expiry_lag_seconds_bucket{le=\"60.0\"}"))
                .body(containsString("perennial_expiry_lag_seconds_max"))
                .body(containsString("perennial_expiry_last_look_seconds"))
                .body(containsString("perennial_expiry_set_aside"))
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

    private void untilDue(String tenant, int daysBefore) {
        String rows = "select 1 from watched_connection where tenant_id = '" + tenant
                + "' and next_due_at = ends_at - interval '" + daysBefore * 24 + " hours'";
        await("the connection waits for " + daysBefore + " days before")
                .until(() -> pool.query(rows)
                                .execute()
                                .await()
                                .atMost(Duration.ofMinutes(1))
                                .rowCount()
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
