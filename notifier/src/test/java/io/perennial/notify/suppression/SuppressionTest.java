package io.perennial.notify.suppression;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perennial.clock.DomainClock;
import io.perennial.clock.TimeOrderedIds;
import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.contracts.RenewalReason;
import io.perennial.contracts.RenewalRequired;
import io.perennial.contracts.Topics;
import io.perennial.notify.EventSource;
import io.perennial.notify.LogRecords;
import io.perennial.notify.Rows;
import io.perennial.notify.Surroundings;
import io.perennial.service.Mode;
import io.perennial.testsupport.Events;
import io.perennial.testsupport.PerennialKafka;
import io.perennial.testsupport.ReceivedEvent;
import io.perennial.testsupport.TestClock;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithPerennial(database = "notifier")
@WithTestResource(Surroundings.class)
class SuppressionTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Inject
    Rows rows;

    @Inject
    Pool pool;

    @Inject
    Unsubscribing unsubscribing;

    @Inject
    DomainClock clock;

    @Inject
    TimeOrderedIds ids;

    private final LogRecords logs = LogRecords.capture();
    private final EventSource source = new EventSource();
    private final Events published = Events.fromNow(PerennialKafka.shared().bootstrapServers(), Topics.REMINDERS);
    private final Instant now = TestClock.shared().now();
    private final UUID connection = UUID.randomUUID();
    private final String address = "m" + connection + "@merchant.example";
    private int campaign;

    @AfterEach
    void close() {
        published.close();
        source.close();
        Surroundings.mail().forget();
        TestClock.shared().reset();
        assertThat(logs.stop()).noneMatch(line -> line.contains("@merchant.example") || line.contains("/unsubscribe/"));
    }

    @Test
    void whoever_unsubscribes_is_not_written_to_until_an_operator_lifts_it() throws Exception {
        known(connection, "acme");
        ask(connection, "acme");
        MimeMessage mail = mails(1).get(0);
        assertThat(mail.getHeader("List-Unsubscribe-Post")).containsExactly("List-Unsubscribe=One-Click");
        String path = path(mail);

        given().header("Accept-Language", "de-AT,de;q=0.9")
                .get(path)
                .then()
                .statusCode(200)
                .body(containsString("Diese Mails abbestellen"));
        given().head(path).then().statusCode(200);
        assertThat(suppressed()).isEmpty();

        for (int click = 0; click < 2; click++) {
            given().contentType(ContentType.URLENC)
                    .body("List-Unsubscribe=One-Click")
                    .post(path)
                    .then()
                    .statusCode(200)
                    .header("Referrer-Policy", "no-referrer")
                    .header("Cache-Control", "no-store")
                    .body(containsString("You get no more"), not(containsString("<form")));
        }
        assertThat(suppressed()).containsExactly("UNSUBSCRIBED contact");

        ask(connection, "acme");
        ReceivedEvent unheard = published.await("ReminderSuppressed", connection.toString());
        assertThat(unheard.data().get("reason").asText()).isEqualTo("NOBODY_HEARS");
        assertThat(mails(1)).hasSize(1);
        awaitOperatorsHear();

        // The same person is a contact of somebody else, who has got no such wish.
        UUID elsewhere = UUID.randomUUID();
        known(elsewhere, "other");
        ask(elsewhere, "other");
        mails(2);

        String id = as("viewer", "acme")
                .queryParam("connection", connection)
                .get("/api/suppressions")
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].reason", equalTo("UNSUBSCRIBED"))
                .body("items[0].externalId", equalTo("ext-" + connection))
                .body("items[0].contactId", notNullValue())
                .body("items[0].mailbox", equalTo(null))
                .extract()
                .path("items[0].id");
        as("viewer", "acme").delete("/api/suppressions/" + id).then().statusCode(403);
        as("operator", "other").delete("/api/suppressions/" + id).then().statusCode(404);
        for (String bad : List.of("x".repeat(201), "write to ada@merchant.example")) {
            as("operator", "acme")
                    .queryParam("reason", bad)
                    .delete("/api/suppressions/" + id)
                    .then()
                    .statusCode(400)
                    .body("errors[0].field", equalTo("reason"));
        }
        as("operator", "acme")
                .queryParam("reason", " called, wants mails again ")
                .delete("/api/suppressions/" + id)
                .then()
                .statusCode(200)
                .body("liftedBy", equalTo("somebody"))
                .body("liftedBecause", equalTo("called, wants mails again"))
                .body("liftedAt", notNullValue());
        as("operator", "acme")
                .queryParam("connection", connection)
                .get("/api/suppressions")
                .then()
                .body("items", hasSize(0));
        as("operator", "acme")
                .queryParam("connection", connection)
                .queryParam("lifted", true)
                .get("/api/suppressions")
                .then()
                .body("items", hasSize(1));
        for (String found :
                List.of("ext-" + connection, "EXT-" + connection.toString().substring(0, 13))) {
            as("viewer", "acme")
                    .queryParam("q", found)
                    .queryParam("lifted", true)
                    .get("/api/suppressions")
                    .then()
                    .body("items", hasSize(1));
        }
        as("viewer", "acme")
                .queryParam("q", "%" + connection)
                .queryParam("lifted", true)
                .get("/api/suppressions")
                .then()
                .body("items", hasSize(0));

        ask(connection, "acme");
        mails(3);
    }

    @Test
    void an_address_to_unsubscribe_that_was_not_made_here_does_nothing() {
        byte[] real = Base64.getUrlDecoder()
                .decode(unsubscribing.url(UUID.randomUUID(), UUID.randomUUID()).replaceFirst(".*/", ""));
        for (int i = 0; i < real.length; i++) {
            byte[] forged = real.clone();
            forged[i] ^= 1;
            String text = Base64.getUrlEncoder().withoutPadding().encodeToString(forged);
            assertThat(unsubscribing.read(text)).isEmpty();
        }
        for (String forged : List.of("x", "=", "a".repeat(64), "a".repeat(5000), "..", "%00")) {
            assertThat(unsubscribing.read(forged)).isEmpty();
        }
        given().post("/unsubscribe/" + "A".repeat(64)).then().statusCode(404);
        // Signed, and of a mail that is none any more.
        given().post(URI.create(unsubscribing.url(UUID.randomUUID(), UUID.randomUUID()))
                        .getPath())
                .then()
                .statusCode(404);
    }

    @Test
    void a_mailbox_that_bounces_is_not_tried_again_and_the_next_contact_hears_of_it() {
        known(connection, "acme");
        String second = "second-" + connection + "@merchant.example";
        Surroundings.links().addContact(connection, second, 2);
        Surroundings.mail().answerNext("RCPT TO:<" + address, "550 5.1.1 no such user");
        ask(connection, "acme");
        published.await("ReminderFailed", connection.toString());
        await().atMost(PATIENCE).until(() -> suppressed().equals(List.of("BOUNCED notifier")));
        await().atMost(PATIENCE).until(() -> Surroundings.mail().to(second).size() == 1);
        await().atMost(PATIENCE).until(() -> rows.unfinished(connection) == 0);
        assertThat(rows.reminders(connection)).containsExactly("CAMPAIGN/1 FAILED SMTP_550", "CAMPAIGN/1 SENT");

        ask(connection, "acme");
        await().atMost(PATIENCE).until(() -> Surroundings.mail().to(second).size() == 2);
        assertThat(Surroundings.mail().to(address)).isEmpty();
    }

    @Test
    void operators_hear_at_once_when_the_only_mailbox_does_not_exist() {
        known(connection, "acme");
        Surroundings.mail().answerNext("RCPT TO:<" + address, "550 5.1.1 no such user");
        ask(connection, "acme");
        ReceivedEvent unheard = published.await("ReminderSuppressed", connection.toString());
        assertThat(unheard.data().get("reason").asText()).isEqualTo("NOBODY_HEARS");
        assertThat(rows.reminders(connection))
                .containsExactly("CAMPAIGN/1 FAILED SMTP_550", "CAMPAIGN/1 SUPPRESSED NOBODY_HEARS");
        awaitOperatorsHear();
    }

    @Test
    void a_refusal_that_is_not_about_the_address_suppresses_nothing() {
        known(connection, "acme");
        Surroundings.mail().answerNext("RCPT TO:<" + address, "550 5.7.1 looks like spam");
        ask(connection, "acme");
        published.await("ReminderFailed", connection.toString());
        assertThat(suppressed()).isEmpty();
    }

    @Test
    void a_complaint_names_the_mail_and_only_of_a_tenant_that_its_reporter_sees() {
        known(connection, "acme");
        ask(connection, "acme");
        mails(1);
        String reminder = rows.strings("select id::text from reminder where connection_id = ?", connection)
                .get(0);
        Map<String, String> complaint = Map.of("reminderId", reminder, "reason", "COMPLAINED");
        report(complaint, "viewer", "acme").statusCode(403);
        report(complaint, "operator", "other").statusCode(404);
        report(Map.of("reminderId", reminder, "reason", "UNSUBSCRIBED"), "operator", "acme")
                .statusCode(400)
                .body("errors[0].field", equalTo("reason"));
        report(Map.of("reason", "COMPLAINED"), "operator", "acme")
                .statusCode(400)
                .body("errors[0].field", equalTo("reminderId"));
        assertThat(suppressed()).isEmpty();

        String id =
                report(complaint, "operator", "acme").statusCode(201).extract().path("id");
        report(complaint, "operator", "acme").statusCode(201).body("id", equalTo(id));
        assertThat(suppressed()).containsExactly("COMPLAINED somebody");
    }

    @Test
    void with_another_key_no_mail_leaves_at_all() {
        Suppressions other = new Suppressions(
                pool, new Mailboxes(() -> Optional.of("another key of thirty-two letters"), Mode.SANDBOX), clock, ids);

        assertThatThrownBy(() -> other.requireKnownKey().await().atMost(PATIENCE))
                .hasMessageContaining("perennial.mailboxes.key");
    }

    @Test
    void mailboxes_are_told_apart_by_tenant_and_address_alone() {
        Mailboxes mailboxes = new Mailboxes(Optional::empty, Mode.SANDBOX);
        assertThat(mailboxes.of("acme", "Maria@Merchant.example"))
                .isEqualTo(mailboxes.of("acme", "maria@merchant.EXAMPLE"));
        assertThat(mailboxes.of("acme", "maria@merchant.example"))
                .isNotEqualTo(mailboxes.of("other", "maria@merchant.example"))
                .isNotEqualTo(mailboxes.of("acme", "maria@elsewhere.example"));
        assertThatThrownBy(() -> new Mailboxes(Optional::empty, Mode.PRODUCTION))
                .hasMessageContaining("perennial.mailboxes.key");
        assertThatThrownBy(() -> new Mailboxes(() -> Optional.of("short"), Mode.PRODUCTION))
                .hasMessageContaining("32");
    }

    /** In their mail of the next morning. */
    private void awaitOperatorsHear() {
        TestClock.shared().advance(Duration.ofHours(25));
        await().atMost(PATIENCE)
                .until(() -> rows.strings(
                                        "select body from operator_mail where body like ?",
                                        "%nobody hears us (" + connection + ")%")
                                .size()
                        == Surroundings.OPERATORS.size());
    }

    private ValidatableResponse report(Map<String, String> report, String role, String tenant) {
        return as(role, tenant)
                .contentType(ContentType.JSON)
                .body(report)
                .post("/api/suppressions")
                .then();
    }

    private static RequestSpecification as(String role, String tenant) {
        return given().auth().oauth2(Surroundings.token(role, tenant));
    }

    private void known(UUID id, String tenant) {
        ObjectNode known = Surroundings.links().add(id, 1, now.plus(Duration.ofDays(200)), address);
        ((ObjectNode) known.get("tenant")).put("id", tenant);
    }

    /** A mail that leaves at once; each is another one. */
    private void ask(UUID id, String tenant) {
        source.publish(new RenewalRequired(
                new ConnectionRef(tenant, id, "ext-" + id, Provider.AMAZON_SELLER, Region.EU, 1, now),
                RenewalReason.OTHER,
                UUID.randomUUID(),
                ++campaign,
                1));
    }

    private List<MimeMessage> mails(int count) {
        await().atMost(PATIENCE).until(() -> Surroundings.mail().to(address).size() == count);
        await().atMost(PATIENCE).until(() -> rows.unfinished(connection) == 0);
        return Surroundings.mail().to(address);
    }

    private List<String> suppressed() {
        return rows.strings(
                "select reason || ' ' || created_by from suppression where connection_id = ? and lifted_at is null",
                connection);
    }

    private static String path(MimeMessage mail) throws MessagingException {
        String header = mail.getHeader("List-Unsubscribe")[0];
        assertThat(header).startsWith("<http").endsWith(">");
        return URI.create(header.substring(1, header.length() - 1)).getPath();
    }
}
