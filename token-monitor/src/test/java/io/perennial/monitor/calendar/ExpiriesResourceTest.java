package io.perennial.monitor.calendar;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import io.perennial.clock.DomainClock;
import io.perennial.monitor.Issuer;
import io.perennial.monitor.expiry.ExpiryPolicy;
import io.perennial.monitor.expiry.Stage;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@WithPerennial(database = "monitor")
@WithTestResource(Issuer.class)
class ExpiriesResourceTest {
    @Inject
    Pool pool;

    @Inject
    DomainClock clock;

    private final String mine = "mine-" + UUID.randomUUID();
    private final String foreign = "foreign-" + UUID.randomUUID();
    private Instant now;

    @BeforeEach
    void setNow() {
        now = clock.instant();
    }

    @Test
    void connections_come_by_the_end_of_their_grants_with_what_is_announced_next() {
        UUID later = watch(mine, Duration.ofDays(20).plusHours(1));
        UUID sooner = watch(mine, Duration.ofDays(3));
        watch(mine, Duration.ofDays(31));

        as("viewer", mine)
                .get("/api/expiries")
                .then()
                .statusCode(200)
                .body("items.connectionId", contains(sooner.toString(), later.toString()))
                .body("items.daysLeft", contains(3, 21))
                .body("items[0].tenantId", equalTo(mine))
                .body("items[0].provider", equalTo("AMAZON_SELLER"))
                .body("items[0].region", equalTo("EU"))
                .body("items[0].generation", equalTo(1))
                .body("items[0].label", equalTo("Shop"))
                .body("items[0].state", equalTo("ACTIVE"))
                .body("items[0].endsAtSource", equalTo("RULE"))
                .body("items[0].nextStage", equalTo("2"))
                .body("items[0].endsAt", equalTo(now.plus(Duration.ofDays(3)).toString()))
                .body("next", nullValue());
    }

    /** What was listed by the release before, whose loop knows no list, may stand there though it is over. */
    @Test
    void what_is_over_or_ends_otherwise_is_not_told_by_the_list_of_ends() {
        UUID over = watch(mine, Duration.ofDays(5));
        UUID moved = watch(mine, Duration.ofDays(6));
        pool.query("update watched_connection set next_due_at = null where connection_id = '" + over + "'")
                .execute()
                .await()
                .atMost(Duration.ofMinutes(1));
        pool.query("update watched_connection set ends_at = ends_at + interval '24 hours' where connection_id = '"
                        + moved + "'")
                .execute()
                .await()
                .atMost(Duration.ofMinutes(1));

        as("viewer", mine).get("/api/expiries").then().body("items", hasSize(0));
    }

    @Test
    void the_horizon_is_asked_for_in_days() {
        watch(mine, Duration.ofDays(3));
        watch(mine, Duration.ofDays(200));

        as("viewer", mine).get("/api/expiries?withinDays=2").then().body("items", hasSize(0));
        as("viewer", mine).get("/api/expiries?withinDays=400").then().body("items", hasSize(2));
    }

    @Test
    void pages_follow_one_another_without_gap_or_repetition_even_where_ends_are_equal() {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            all.add(watch(mine, Duration.ofDays(4)).toString());
        }

        List<String> seen = new ArrayList<>();
        String next = "";
        while (next != null) {
            ValidatableResponse page = as("viewer", mine)
                    .queryParam("limit", 3)
                    .queryParam("cursor", next)
                    .get("/api/expiries")
                    .then()
                    .statusCode(200);
            seen.addAll(page.extract().jsonPath().getList("items.connectionId"));
            next = page.extract().jsonPath().getString("next");
        }

        assertThat(seen).containsExactlyInAnyOrderElementsOf(all).doesNotHaveDuplicates();
    }

    @Test
    void the_calendar_counts_by_day_what_still_works() {
        watch(mine, Duration.ofDays(10));
        watch(mine, Duration.ofDays(10));
        watch(mine, Duration.ofDays(50));
        watch(mine, Duration.ofDays(50), "REVOKED");
        watch(mine, Duration.ofDays(-3));

        as("operator", mine)
                .get("/api/expiries/calendar")
                .then()
                .statusCode(200)
                .body("days.date", contains(day(10), day(50)))
                .body("days.count", contains(2, 1));
        as("operator", mine).get("/api/expiries/calendar?months=1").then().body("days.date", contains(day(10)));
    }

    @Test
    void the_calendar_is_also_a_sheet_and_a_calendar() {
        watch(mine, Duration.ofDays(10));
        watch(mine, Duration.ofDays(10));
        watch(foreign, Duration.ofDays(10));
        String date = day(10).replace("-", "");

        String sheet = as("viewer", mine, foreign)
                .accept("text/csv")
                .get("/api/expiries/calendar")
                .then()
                .statusCode(200)
                .contentType("text/csv")
                .extract()
                .asString();
        String calendar = as("viewer", mine)
                .accept("text/calendar")
                .get("/api/expiries/calendar")
                .then()
                .statusCode(200)
                .contentType("text/calendar")
                .extract()
                .asString();

        assertThat(sheet.split("\r\n"))
                .containsExactlyInAnyOrder(
                        "date,tenant,connections", day(10) + "," + mine + ",2", day(10) + "," + foreign + ",1");
        assertThat(calendar.split("\r\n"))
                .startsWith("BEGIN:VCALENDAR", "VERSION:2.0")
                .contains("DTSTART;VALUE=DATE:" + date, "SUMMARY:2 authorizations end", "DESCRIPTION:" + mine + ": 2")
                .endsWith("END:VEVENT", "END:VCALENDAR");
        as("viewer", mine)
                .accept("application/xml")
                .get("/api/expiries/calendar")
                .then()
                .statusCode(406);
    }

    @Nested
    class Tenants {
        @Test
        void a_caller_sees_only_its_own() {
            UUID own = watch(mine, Duration.ofDays(5));
            watch(foreign, Duration.ofDays(5));

            as("admin", mine).get("/api/expiries").then().body("items.connectionId", contains(own.toString()));
            as("admin", mine).get("/api/expiries/calendar").then().body("days.count", contains(1));
        }

        @Test
        void naming_a_foreign_tenant_finds_nothing() {
            watch(foreign, Duration.ofDays(5));

            as("admin", mine)
                    .queryParam("tenant", foreign)
                    .get("/api/expiries")
                    .then()
                    .statusCode(200)
                    .body("items", hasSize(0));
            as("admin", mine)
                    .queryParam("tenant", foreign)
                    .get("/api/expiries/calendar")
                    .then()
                    .body("days", hasSize(0));
        }

        @Test
        void a_caller_of_all_tenants_may_ask_for_one() {
            watch(mine, Duration.ofDays(5));
            UUID other = watch(foreign, Duration.ofDays(5));

            as("viewer", "*")
                    .queryParam("tenant", foreign)
                    .get("/api/expiries")
                    .then()
                    .body("items.connectionId", contains(other.toString()));
        }

        @Test
        void a_token_without_tenants_sees_nothing() {
            watch(mine, Duration.ofDays(5));

            as("admin").get("/api/expiries").then().statusCode(200).body("items", hasSize(0));
        }
    }

    @Nested
    class Refusals {
        @ParameterizedTest
        @ValueSource(strings = {"/api/expiries", "/api/expiries/calendar"})
        void no_token_is_no_entry(String path) {
            given().get(path).then().statusCode(401).body("code", equalTo("UNAUTHENTICATED"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"/api/expiries", "/api/expiries/calendar"})
        void a_role_of_services_is_not_enough(String path) {
            as("token-reader", "*").get(path).then().statusCode(403).body("code", equalTo("FORBIDDEN"));
        }

        @ParameterizedTest
        @CsvSource({
            "/api/expiries, withinDays, soon",
            "/api/expiries, withinDays, -1",
            "/api/expiries, withinDays, 401",
            "/api/expiries, withinDays, 99999999999",
            "/api/expiries, limit, 0",
            "/api/expiries, limit, 201",
            "/api/expiries, limit, x",
            "/api/expiries, cursor, garbage",
            "/api/expiries, cursor, eAp5",
            "/api/expiries/calendar, months, 0",
            "/api/expiries/calendar, months, 25",
            "/api/expiries/calendar, months, twelve"
        })
        void a_parameter_out_of_its_range_is_named(String path, String parameter, String value) {
            as("viewer", mine)
                    .queryParam(parameter, value)
                    .get(path)
                    .then()
                    .statusCode(400)
                    .contentType("application/problem+json")
                    .body("errors[0].field", equalTo(parameter));
        }

        @Test
        void a_tenant_with_control_characters_is_refused() {
            as("viewer", mine)
                    .queryParam("tenant", "a\u0000b")
                    .get("/api/expiries")
                    .then()
                    .statusCode(400)
                    .body("errors[0].field", equalTo("tenant"));
        }
    }

    private static RequestSpecification as(String role, String... tenants) {
        return given().auth().oauth2(Issuer.token(role, tenants));
    }

    private String day(int fromNow) {
        return LocalDate.ofInstant(now.plus(Duration.ofDays(fromNow)), ZoneOffset.UTC)
                .toString();
    }

    private UUID watch(String tenant, Duration left) {
        return watch(tenant, left, "ACTIVE");
    }

    /** As it is once everything due was announced, so that the loop leaves the row alone. */
    private UUID watch(String tenant, Duration left, String state) {
        UUID id = UUID.randomUUID();
        Instant end = now.plus(left);
        ExpiryPolicy policy = ExpiryPolicy.standard();
        int told = policy.reached(end, now.plusSeconds(60)).map(Stage::day).orElse(ExpiryPolicy.NOTHING);
        pool.preparedQuery(
                        """
                        with watched as (
                            insert into watched_connection (connection_id, tenant_id, external_id, provider, region,
                                generation, label, state, ends_at, ends_at_source, told, next_due_at, plan_sequence,
                                changed_at)
                            values ($1, $2, 'shop', 'AMAZON_SELLER', 'EU', 1, 'Shop', $3, $4, 'RULE', $5, $6, 1, $4)
                            returning tenant_id, lapses_on
                        )
                        insert into expiry_day
                        select tenant_id, lapses_on, 1 from watched where lapses_on is not null
                        on conflict (tenant_id, day) do update set connections = expiry_day.connections + 1
                        """)
                .execute(Tuple.of(
                        id,
                        tenant,
                        state,
                        end.atOffset(ZoneOffset.UTC),
                        told,
                        policy.dueAt(end, told).orElseThrow().atOffset(ZoneOffset.UTC)))
                .await()
                .atMost(Duration.ofMinutes(1));
        return id;
    }
}
