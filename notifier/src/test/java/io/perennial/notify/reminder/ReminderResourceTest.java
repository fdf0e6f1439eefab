package io.perennial.notify.reminder;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import io.perennial.notify.Rows;
import io.perennial.notify.Surroundings;
import io.perennial.testsupport.TestClock;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@WithPerennial(database = "notifier")
@WithTestResource(Surroundings.class)
class ReminderResourceTest {
    @Inject
    Rows rows;

    private final UUID connection = UUID.randomUUID();
    private final String address = "m" + connection + "@merchant.example";

    @BeforeEach
    void calm() {
        Surroundings.links().recover();
        Surroundings.mail().forget();
    }

    @AfterEach
    void reset() {
        TestClock.shared().reset();
    }

    @Test
    void a_person_has_the_link_mailed_at_once() {
        known(1);
        seen("acme", 1);

        mailLink("operator", "acme")
                .statusCode(201)
                .body("kind", equalTo("LINK"))
                .body("connectionId", equalTo(connection.toString()))
                .body("generation", equalTo(1));

        await().atMost(Duration.ofMinutes(1))
                .until(() -> Surroundings.mail().to(address).size() == 1);
    }

    @Test
    void a_connection_made_a_moment_ago_is_found_before_its_event_came() {
        Surroundings.links().add(connection, 0, Instant.EPOCH, address).put("state", "PENDING");

        mailLink("operator", "other").statusCode(404);
        mailLink("operator", "acme").statusCode(201).body("generation", equalTo(0));

        await().atMost(Duration.ofMinutes(1))
                .until(() -> Surroundings.mail().to(address).size() == 1);
    }

    @Test
    void the_link_is_mailed_once_in_five_minutes() {
        known(1);
        seen("acme", 1);

        mailLink("admin", "*").statusCode(201);
        mailLink("admin", "*").statusCode(429).body("code", equalTo("TOO_MANY_REQUESTS"));
        TestClock.shared().advance(Duration.ofMinutes(6));
        mailLink("admin", "*").statusCode(201);

        assertThat(rows.reminders(connection)).hasSize(2);
    }

    @Test
    void the_same_key_gives_the_same_reminder_and_another_request_is_refused() {
        known(1);
        seen("acme", 1);
        String key = UUID.randomUUID().toString();

        String first = post("operator", "acme", key, body(connection))
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        String again = post("operator", "acme", key, body(connection))
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        assertThat(again).isEqualTo(first);

        UUID other = UUID.randomUUID();
        seen(other, "acme", 1);
        post("operator", "acme", key, body(other))
                .then()
                .statusCode(422)
                .body("code", equalTo("IDEMPOTENCY_KEY_REUSED"));
    }

    @Test
    void roles_and_tenants_are_held_apart() {
        known(1);
        seen("acme", 1);

        mailLink("viewer", "acme").statusCode(403);
        mailLink("token-reader", "acme").statusCode(403);
        mailLink("operator", "other").statusCode(404);
        given().contentType("application/json")
                .body(body(connection))
                .post("/api/reminders")
                .then()
                .statusCode(401);
        assertThat(rows.reminders(connection)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"connectionId\":\"x\"}",
                "{\"connectionId\":7}",
                "{\"connectionId\":null}",
                "{\"connection\":\"018f0000-0000-7000-8000-000000000000\"}",
                "[]",
                "{"
            })
    void a_bad_request_is_refused(String body) {
        post("operator", "acme", null, body)
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("code", equalTo("INVALID_REQUEST"));
    }

    @Test
    void the_history_shows_newest_first_in_pages() {
        seen("acme", 1);
        for (int stage : new int[] {30, 23, 16}) {
            sent(stage);
        }

        Response first = list("viewer", "acme", "?connection=" + connection + "&limit=2");
        first.then()
                .statusCode(200)
                .body("items", hasSize(2))
                .body("items[0].stage", equalTo(16))
                .body("items[0].kind", equalTo("EXPIRING"))
                .body("items[0].state", equalTo("SENT"))
                .body("items[0].externalId", equalTo("ext-" + connection))
                .body("items[0].contactId", not(equalTo(null)));
        list("viewer", "acme", "?connection=" + connection + "&limit=2&cursor=" + first.path("next"))
                .then()
                .body("items", hasSize(1))
                .body("items[0].stage", equalTo(30))
                .body("next", equalTo(null));
        list("viewer", "acme", "?tenant=acme&connection=" + connection).then().body("items", hasSize(3));
    }

    @Test
    void another_tenants_history_is_empty() {
        seen("acme", 1);
        sent(30);

        list("viewer", "other", "?connection=" + connection)
                .then()
                .statusCode(200)
                .body("items", hasSize(0));
        list("viewer", "other", "?tenant=acme").then().statusCode(200).body("items", hasSize(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"?limit=0", "?limit=-1", "?limit=1000000000", "?cursor=x", "?cursor=YQpi", "?connection=x"})
    void a_bad_query_is_refused(String query) {
        list("viewer", "acme", query).then().statusCode(400).body("code", equalTo("INVALID_REQUEST"));
    }

    @Test
    void previews_show_every_kind_in_every_language() {
        for (ReminderKindAndWord one : ReminderKindAndWord.ALL) {
            given().auth()
                    .oauth2(Surroundings.token("operator", "acme"))
                    .get("/api/reminders/previews/" + one.kind() + "?locale=" + one.locale())
                    .then()
                    .statusCode(200)
                    .contentType("text/html")
                    .header("Content-Security-Policy", containsString("default-src 'none'"))
                    .body(containsString(one.word()));
        }
    }

    @Test
    void the_text_of_a_mail_is_shown_too() {
        given().auth()
                .oauth2(Surroundings.token("operator", "acme"))
                .get("/api/reminders/previews/collected/text?locale=de")
                .then()
                .statusCode(200)
                .contentType("text/plain")
                .body(containsString("Subject: 2 Amazon-Konten"), containsString("Diese Mails abbestellen:"));
    }

    @Test
    void a_sample_is_sent_to_an_operator_and_to_nobody_else() {
        String own = Surroundings.OPERATORS.get(1);
        long before = samplesTo(own);
        sample("operator", own, "REVOKED").statusCode(200).body("state", equalTo("SENT"));
        assertThat(samplesTo(own)).isEqualTo(before + 1);

        sample("operator", "stranger@elsewhere.example", "REVOKED")
                .statusCode(400)
                .body("errors[0].field", equalTo("to"));
        sample("viewer", own, "REVOKED").statusCode(403);
        sample("operator", own, "NOTHING").statusCode(404);
        Surroundings.mail().answerNext("RCPT TO:<" + own, "550 5.1.1 nobody here");
        sample("operator", own, "LINK").statusCode(200).body("state", equalTo("FAILED"), "reason", equalTo("SMTP_550"));
        Surroundings.mail().forget();
    }

    private static long samplesTo(String address) {
        return Surroundings.mail().to(address).stream()
                .filter(mail -> subject(mail).startsWith("[Test] Amazon refuses access"))
                .count();
    }

    private static String subject(MimeMessage mail) {
        try {
            return mail.getSubject();
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ValidatableResponse sample(String role, String to, String kind) {
        return given().auth()
                .oauth2(Surroundings.token(role, "acme"))
                .contentType("application/json")
                .body(Map.of("to", to, "locale", "en"))
                .post("/api/reminders/previews/" + kind + "/mails")
                .then();
    }

    @Test
    void previews_are_for_operators_and_know_no_other_kind() {
        given().auth()
                .oauth2(Surroundings.token("viewer", "acme"))
                .get("/api/reminders/previews/EXPIRING")
                .then()
                .statusCode(403);
        given().auth()
                .oauth2(Surroundings.token("operator", "acme"))
                .get("/api/reminders/previews/NOTHING")
                .then()
                .statusCode(404);
    }

    private record ReminderKindAndWord(String kind, String locale, String word) {
        static final java.util.List<ReminderKindAndWord> ALL = java.util.List.of(
                new ReminderKindAndWord("EXPIRING", "en", "ends in 9 days"),
                new ReminderKindAndWord("EXPIRING", "de-AT", "endet in 9 Tagen"),
                new ReminderKindAndWord("expired", "pl", "has ended"),
                new ReminderKindAndWord("expired", "fr-CA", "a pris fin"),
                new ReminderKindAndWord("LINK", "zh-Hans", "授权续期"),
                new ReminderKindAndWord("OVERDUE", "de", "seit 2 Wochen"),
                new ReminderKindAndWord("REVOKED", "en", "no longer accepts"),
                new ReminderKindAndWord("RECONNECTED", "de_DE", "wieder verbunden"),
                new ReminderKindAndWord("CONSENT_FAILED", "de", "nicht zu verwenden"),
                new ReminderKindAndWord("LINK", "not a locale!", "Renew your Amazon authorization"));
    }

    private void known(int generation) {
        Surroundings.links()
                .add(connection, generation, TestClock.shared().now().plus(Duration.ofDays(200)), address);
    }

    private void seen(String tenant, int generation) {
        seen(connection, tenant, generation);
    }

    private void seen(UUID id, String tenant, int generation) {
        rows.execute(
                "insert into connection (connection_id, tenant_id, external_id, provider, region, generation, seen_at)"
                        + " values (?, ?, ?, 'AMAZON_SELLER', 'EU', ?, clock_timestamp())",
                id,
                tenant,
                "ext-" + id,
                generation);
    }

    private void sent(int stage) {
        rows.execute(
                "insert into reminder (id, connection_id, tenant_id, generation, kind, stage, state, contact_id, due_at,"
                        + " next_attempt_at, created_at, finished_at, attempts) values (uuidv7(), ?, 'acme', 1,"
                        + " 'EXPIRING', ?, 'SENT', uuidv7(), clock_timestamp(), clock_timestamp(), clock_timestamp(),"
                        + " clock_timestamp(), 1)",
                connection,
                stage);
    }

    private ValidatableResponse mailLink(String role, String tenant) {
        return post(role, tenant, null, body(connection)).then();
    }

    private static String body(UUID connection) {
        return "{\"connectionId\":\"" + connection + "\"}";
    }

    private static Response post(String role, String tenant, String key, String body) {
        var request = given().auth()
                .oauth2(Surroundings.token(role, tenant))
                .contentType("application/json")
                .body(body);
        return (key == null ? request : request.header("Idempotency-Key", key)).post("/api/reminders");
    }

    private static Response list(String role, String tenant, String query) {
        return given().auth().oauth2(Surroundings.token(role, tenant)).get("/api/reminders" + query);
    }
}
