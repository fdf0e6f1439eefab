package io.perennial.notify.reminder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.perennial.clock.DomainClock;
import io.perennial.clock.MachineClock;
import io.perennial.contracts.ConnectionDisconnected;
import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.EndsAtSource;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.FetchCompleted;
import io.perennial.contracts.FetchReason;
import io.perennial.contracts.ReminderKind;
import io.perennial.contracts.RenewalOverdue;
import io.perennial.contracts.RenewalReason;
import io.perennial.contracts.RenewalRequired;
import io.perennial.contracts.TokenExpired;
import io.perennial.contracts.TokenExpiring;
import io.perennial.contracts.TokenReinstated;
import io.perennial.contracts.TokenRenewed;
import io.perennial.contracts.TokenRevoked;
import io.perennial.contracts.Topics;
import io.perennial.notify.EventSource;
import io.perennial.notify.LogRecords;
import io.perennial.notify.MailServer;
import io.perennial.notify.Rows;
import io.perennial.notify.Surroundings;
import io.perennial.notify.email.Postman;
import io.perennial.notify.links.ReminderLinks;
import io.perennial.testsupport.Events;
import io.perennial.testsupport.PerennialKafka;
import io.perennial.testsupport.ReceivedEvent;
import io.perennial.testsupport.TestClock;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithPerennial(database = "notifier")
@WithTestResource(Surroundings.class)
class ReminderDeliveryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Inject
    Rows rows;

    @Inject
    Delivery delivery;

    @Inject
    ReminderStore store;

    @Inject
    ReminderLinks links;

    @Inject
    Postman postman;

    @Inject
    ReminderConfig config;

    @Inject
    ReminderMetrics metrics;

    @Inject
    MeterRegistry meters;

    private final LogRecords logs = LogRecords.capture();

    private final EventSource source = new EventSource();
    private final Events published = Events.fromNow(PerennialKafka.shared().bootstrapServers(), Topics.REMINDERS);
    private final UUID connection = UUID.randomUUID();
    private final String address = "m" + connection + "@merchant.example";
    private final Instant now = TestClock.shared().now();

    @BeforeEach
    void calm() {
        Surroundings.links().recover();
        Surroundings.mail().forget();
    }

    @AfterEach
    void close() {
        published.close();
        source.close();
        Surroundings.links().recover();
        TestClock.shared().reset();
        assertThat(logs.stop()).noneMatch(line -> line.contains("@merchant.example") || line.contains("/connect/"));
    }

    @Test
    void each_stage_is_mailed_once_however_often_its_event_comes() {
        known(1, now.plus(Duration.ofDays(30)));
        for (int stage : List.of(30, 23, 16, 9, 2)) {
            EventEnvelope event = source.publish(expiring(1, stage));
            source.publish(event);
            source.publish(expiring(1, stage));
        }

        await().atMost(PATIENCE).until(() -> mails().size() == 5);
        settled(source.publish(expiring(1, 0)));

        assertThat(mails()).hasSize(5);
        assertThat(rows.reminders(connection))
                .containsExactlyInAnyOrder(
                        "EXPIRING/30 SENT",
                        "EXPIRING/23 SENT",
                        "EXPIRING/16 SENT",
                        "EXPIRING/9 SENT",
                        "EXPIRING/2 SENT");
    }

    @Test
    void each_campaign_gives_one_mail_that_says_why_and_for_how_many() {
        known(1, now.plus(Duration.ofDays(200)));
        EventEnvelope event =
                source.publish(new RenewalRequired(about(1), RenewalReason.ROLE_ADDED, UUID.randomUUID(), 7, 3));
        source.publish(event);
        source.publish(new RenewalRequired(about(1), RenewalReason.OTHER, UUID.randomUUID(), 8, 3));

        await().atMost(PATIENCE)
                .until(() -> rows.reminders(connection).equals(List.of("CAMPAIGN/7 SENT", "CAMPAIGN/8 SENT")));
        assertThat(mails()).hasSize(2);
        assertThat(published
                        .await("ReminderSent", connection.toString())
                        .data()
                        .path("stage")
                        .asInt())
                .isBetween(7, 8);
    }

    @Test
    void the_whole_life_gives_one_mail_for_each_thing_that_happens() {
        ObjectNode known = known(1, now);
        known.put("state", "EXPIRED");
        source.publish(new TokenExpired(about(1), now));
        source.publish(new RenewalOverdue(about(1), 1, now));
        await().atMost(PATIENCE).until(() -> mails().size() == 2);

        known.put("state", "ACTIVE")
                .put("generation", 2)
                .put("endsAt", now.plus(Duration.ofDays(365)).toString());
        source.publish(renewed(2));
        source.publish(fetched(2, FetchReason.RENEWAL_GAP, 11, 3));
        source.publish(fetched(2, FetchReason.DAILY, 5, 0));
        await().atMost(PATIENCE).until(() -> mails().size() == 3);

        known.put("state", "REVOKED");
        settled(source.publish(new TokenRevoked(about(2), now, null)));

        assertThat(rows.reminders(connection))
                .containsExactlyInAnyOrder("EXPIRED/0 SENT", "OVERDUE/1 SENT", "RECONNECTED/0 SENT", "REVOKED/0 SENT");
        assertThat(text(mails().get(2))).contains("14 orders");
    }

    @Test
    void a_sent_reminder_is_told_of_without_the_address() {
        known(1, now.plus(Duration.ofDays(9)));
        source.publish(expiring(1, 9));

        ReceivedEvent sent = published.await("ReminderSent", connection.toString());
        assertThat(sent.key()).isEqualTo(connection.toString());
        assertThat(sent.data().get("kind").asText()).isEqualTo("EXPIRING");
        assertThat(sent.data().get("stage").asInt()).isEqualTo(9);
        assertThat(sent.data().get("tenantId").asText()).isEqualTo("acme");
        assertThat(sent.data().get("contactId").asText()).isNotBlank();
        assertThat(sent.toString()).doesNotContain(address).doesNotContain("connect/");
    }

    @Test
    void nothing_of_a_lower_generation_is_mailed_after_a_renewal_was_seen() {
        known(2, now.plus(Duration.ofDays(365)));
        handled(source.publish(renewed(2)));

        settled(source.publish(expiring(1, 2)));
        settled(source.publish(new TokenExpired(about(1), now)));
        settled(source.publish(new TokenRevoked(about(1), now, null)));

        assertThat(mails()).isEmpty();
        assertThat(rows.reminders(connection)).isEmpty();
    }

    @Test
    void a_renewal_suppresses_what_waits() {
        Surroundings.links().failWith(503);
        known(1, now.plus(Duration.ofDays(9)));
        handled(source.publish(expiring(1, 9)));

        known(2, now.plus(Duration.ofDays(365)));
        // While it is claimed it is left to the link check; either way nothing leaves.
        source.publish(renewed(2));
        Surroundings.links().recover();
        ReceivedEvent suppressed = published.await("ReminderSuppressed", connection.toString());

        assertThat(suppressed.data().get("reason").asText()).isEqualTo("RENEWED");
        assertThat(suppressed.data().get("generation").asInt()).isEqualTo(1);
        assertThat(rows.reminders(connection)).containsExactly("EXPIRING/9 SUPPRESSED RENEWED");
        assertThat(mails()).isEmpty();
    }

    @Test
    void a_renewal_that_only_auth_service_knows_of_suppresses_the_mail() {
        known(2, now.plus(Duration.ofDays(365)));
        settled(source.publish(expiring(1, 9)));

        assertThat(rows.reminders(connection)).containsExactly("EXPIRING/9 SUPPRESSED RENEWED");
        assertThat(mails()).isEmpty();
    }

    @Test
    void a_connection_that_was_given_up_is_not_written_to() {
        known(1, now.plus(Duration.ofDays(9))).put("state", "DISCONNECTED");
        handled(source.publish(new ConnectionDisconnected(about(1))));
        settled(source.publish(expiring(1, 9)));

        assertThat(rows.reminders(connection)).isEmpty();
        assertThat(mails()).isEmpty();
    }

    @Test
    void a_connection_that_works_again_is_not_told_that_it_does_not() {
        Surroundings.links().failWith(503);
        known(1, now.plus(Duration.ofDays(365)));
        handled(source.publish(new TokenRevoked(about(1), now, null)));
        settledAfter(
                source.publish(new TokenReinstated(about(1), now.plus(Duration.ofDays(365)), EndsAtSource.ESTIMATE)),
                () -> Surroundings.links().recover());

        assertThat(rows.reminders(connection)).containsExactly("REVOKED/0 SUPPRESSED WORKS_AGAIN");
        assertThat(mails()).isEmpty();
    }

    @Test
    void without_auth_service_no_mail_leaves_and_afterwards_each_leaves_once() {
        known(1, now.plus(Duration.ofDays(16)));
        Surroundings.links().failWith(500);
        int asked = Surroundings.links().questions();
        handled(source.publish(expiring(1, 16)));
        await().atMost(PATIENCE).until(() -> Surroundings.links().questions() >= asked + 2);
        assertThat(mails()).isEmpty();

        Surroundings.links().answerWith("<html>a proxy's page</html>");
        int refused = Surroundings.links().questions();
        await().atMost(PATIENCE).until(() -> Surroundings.links().questions() > refused);
        assertThat(mails()).isEmpty();

        Surroundings.links().recover();
        await().atMost(PATIENCE).until(() -> mails().size() == 1);
        await().atMost(PATIENCE).until(() -> rows.unfinished(connection) == 0);
        assertThat(mails()).hasSize(1);
    }

    @Test
    void a_crash_between_intent_and_result_is_ambiguous_and_never_sent_again() {
        known(1, now.plus(Duration.ofDays(9)));
        seen(1);
        leftInSending("EXPIRING", 9, UUID.randomUUID());

        ReceivedEvent ambiguous = published.await("ReminderAmbiguous", connection.toString());
        assertThat(ambiguous.data().get("stage").asInt()).isEqualTo(9);
        settled(source.publish(expiring(1, 9)));

        assertThat(rows.reminders(connection)).containsExactly("EXPIRING/9 AMBIGUOUS CRASHED");
        assertThat(mails()).isEmpty();
    }

    @Test
    void a_delivery_that_lost_its_lease_sends_and_writes_nothing() {
        known(1, now.plus(Duration.ofDays(9)));
        seen(1);
        leftInSending("EXPIRING", 9, null);
        await().atMost(PATIENCE).until(() -> rows.unfinished(connection) == 0);

        UUID id = UUID.fromString(rows.strings("select id::text from reminder where connection_id = ?", connection)
                .get(0));
        UUID contact = UUID.randomUUID();
        ClaimedReminder frozen = new ClaimedReminder(
                id, UUID.randomUUID(), connection, 1, ReminderKind.EXPIRING, 9, 0, null, now, 0, 0, null);
        assertThat(store.intend(Map.of(frozen, contact), Duration.ofMinutes(1))
                        .await()
                        .atMost(PATIENCE))
                .isEmpty();
        assertThat(store.finish(Map.of(frozen, new Outcome.Ambiguous(contact, "CRASHED")))
                        .await()
                        .atMost(PATIENCE))
                .isZero();
        assertThat(rows.reminders(connection)).containsExactly("EXPIRING/9 SENT");
        assertThat(mails()).hasSize(1);
    }

    @Test
    void a_delivery_that_stops_begins_no_mail_and_gives_back_what_it_claimed() {
        Delivery stopping = new Delivery(
                store, links, postman, config, metrics, DomainClock.immovable(new MachineClock()), new MachineClock());
        stopping.stop();
        known(1, now.plus(Duration.ofDays(30)));
        for (int stage : List.of(30, 23, 16, 9, 2)) {
            source.publish(expiring(1, stage));
        }
        await().atMost(PATIENCE).until(() -> {
            stopping.run().await().atMost(PATIENCE);
            return rows.reminders(connection).size() == 5 && rows.unfinished(connection) == 0;
        });

        assertThat(mails()).hasSize(5);
    }

    @Test
    void a_connection_that_auth_service_does_not_know_is_not_asked_for_again() {
        settled(source.publish(expiring(1, 9)));

        assertThat(rows.reminders(connection)).containsExactly("EXPIRING/9 SUPPRESSED UNKNOWN_CONNECTION");
    }

    @Test
    void a_crash_before_the_intent_is_made_good() {
        known(1, now.plus(Duration.ofDays(9)));
        seen(1);
        leftInSending("EXPIRING", 9, null);

        await().atMost(PATIENCE).until(() -> mails().size() == 1);
        await().atMost(PATIENCE).until(() -> rows.unfinished(connection) == 0);
        assertThat(rows.reminders(connection)).containsExactly("EXPIRING/9 SENT");
    }

    @Test
    void deliveries_at_the_same_time_send_nothing_twice() {
        Surroundings.links().failWith(503);
        Set<String> addresses = new HashSet<>();
        for (int i = 0; i < 120; i++) {
            UUID id = UUID.randomUUID();
            addresses.add("m" + id + "@merchant.example");
            Surroundings.links().add(id, 1, now.plus(Duration.ofDays(23)), "m" + id + "@merchant.example");
            source.publish(new TokenExpiring(EventSource.about(id, 1, now), 23, 23, now.plus(Duration.ofDays(23))));
        }
        await().atMost(PATIENCE).until(() -> waiting() >= 120);
        Surroundings.links().recover();
        rows.execute("update reminder set next_attempt_at = created_at where state = 'PENDING'");

        while (waiting() > 0) {
            Uni.join()
                    .all(delivery.run(), delivery.run(), delivery.run())
                    .andFailFast()
                    .await()
                    .atMost(PATIENCE);
        }
        await().atMost(PATIENCE).until(() -> rows.strings("select id from reminder where state = 'SENDING'")
                .isEmpty());

        assertThat(addresses)
                .allSatisfy(to -> assertThat(Surroundings.mail().to(to)).hasSize(1));
    }

    @Test
    void a_passing_fault_of_the_mail_server_is_tried_again_later() {
        known(1, now.plus(Duration.ofDays(9)));
        Surroundings.mail().answerNext("RCPT", "451 4.7.1 greylisted, try again later");
        handled(source.publish(expiring(1, 9)));
        await().atMost(PATIENCE).until(() -> rows.reminders(connection).contains("EXPIRING/9 PENDING SMTP_451"));

        TestClock.shared().advance(Duration.ofMinutes(1));
        await().atMost(PATIENCE).until(() -> mails().size() == 1);
        await().atMost(PATIENCE).until(() -> rows.unfinished(connection) == 0);
        assertThat(rows.reminders(connection)).containsExactly("EXPIRING/9 SENT");
    }

    @Test
    void a_mail_server_that_stays_unable_ends_the_attempts_after_two_days() {
        known(1, now.plus(Duration.ofDays(30)));
        Surroundings.mail().answerNext("RCPT", "452 4.2.2 mailbox full");
        handled(source.publish(expiring(1, 30)));
        await().atMost(PATIENCE).until(() -> rows.reminders(connection).contains("EXPIRING/30 PENDING SMTP_452"));
        Surroundings.mail().answerNext("RCPT", "452 4.2.2 mailbox full");
        TestClock.shared().advance(Duration.ofHours(49));

        ReceivedEvent failed = published.await("ReminderFailed", connection.toString());
        assertThat(failed.data().get("code").asText()).isEqualTo("SMTP_452");
        assertThat(mails()).isEmpty();
    }

    @Test
    void a_refusal_for_good_fails_at_once() {
        known(1, now.plus(Duration.ofDays(9)));
        Surroundings.mail().answerNext("RCPT", "550 5.1.1 <" + address + "> no such user");
        source.publish(expiring(1, 9));

        ReceivedEvent failed = published.await("ReminderFailed", connection.toString());
        assertThat(failed.data().get("code").asText()).isEqualTo("SMTP_550");
        assertThat(failed.toString()).doesNotContain(address);
        assertThat(rows.reminders(connection)).containsExactly("EXPIRING/9 FAILED SMTP_550");
    }

    @Test
    void a_refusal_of_our_own_sign_in_does_not_burn_the_reminder() {
        known(1, now.plus(Duration.ofDays(9)));
        Surroundings.mail().answerNext("MAIL FROM", "530 5.7.0 must issue a STARTTLS command first");
        source.publish(expiring(1, 9));

        await().atMost(PATIENCE).until(() -> rows.reminders(connection).contains("EXPIRING/9 PENDING SMTP_530"));
    }

    @Test
    void a_connection_lost_after_the_final_dot_is_ambiguous() {
        known(1, now.plus(Duration.ofDays(9)));
        Surroundings.mail().hangUpAt(MailServer.END_OF_DATA);
        source.publish(expiring(1, 9));

        published.await("ReminderAmbiguous", connection.toString());
        assertThat(rows.reminders(connection)).containsExactly("EXPIRING/9 AMBIGUOUS CONNECTION_LOST");
        assertThat(mails()).hasSizeLessThan(2);
    }

    @Test
    void a_mail_server_that_falls_silent_leaves_it_ambiguous() {
        known(1, now.plus(Duration.ofDays(9)));
        Surroundings.mail().fallSilentAt(MailServer.END_OF_DATA);
        source.publish(expiring(1, 9));

        published.await("ReminderAmbiguous", connection.toString());
        assertThat(rows.reminders(connection)).containsExactly("EXPIRING/9 AMBIGUOUS NO_ANSWER");
    }

    @Test
    void an_address_that_is_more_than_one_mailbox_is_never_put_on_the_wire() {
        String attack = "a@merchant.example\r\nRCPT TO:<victim@elsewhere.example>";
        Surroundings.links().add(connection, 1, now.plus(Duration.ofDays(9)), attack);
        source.publish(expiring(1, 9));

        ReceivedEvent failed = published.await("ReminderFailed", connection.toString());
        assertThat(failed.data().get("code").asText()).isEqualTo("INVALID_ADDRESS");
        assertThat(Surroundings.mail().commands()).noneMatch(line -> line.contains("victim"));
    }

    @Test
    void names_full_of_tricks_change_neither_headers_nor_page() throws Exception {
        ObjectNode known = known(1, now.plus(Duration.ofDays(9)));
        String name =
                "Shop\r\nBcc: victim@elsewhere.example\r\n\r\n<script>alert(1)</script> {#include x} {inject:y} \u202Egnp.exe \uD83D\uDE00";
        known.put("accountName", name).put("label", name);
        ((ObjectNode) known.get("tenant"))
                .put("name", name)
                .put("senderName", name + "\" <evil@elsewhere.example>")
                .put("colour", "red;background:url(https://evil.example)")
                .put("logoUrl", "javascript:alert(1)");
        source.publish(expiring(1, 9));
        await().atMost(PATIENCE).until(() -> mails().size() == 1);

        MimeMessage mail = mails().get(0);
        assertThat(mail.getAllRecipients()).hasSize(1);
        assertThat(mail.getFrom()).hasSize(1);
        assertThat(mail.getFrom()[0].toString()).endsWith("<reminders@perennial.example>");
        assertThat(mail.getHeader("Bcc")).isNull();
        assertThat(Surroundings.mail().bareLineFeeds()).isZero();
        assertThat(mail.getSubject()).contains("Shop Bcc: victim").doesNotContain("\n");
        assertThat(Surroundings.mail().commands().stream().filter(line -> line.startsWith("RCPT")))
                .containsExactly("RCPT TO:<" + address + ">");
        String html = html(mail);
        assertThat(html)
                .doesNotContain("<script>")
                .doesNotContain("evil.example\"")
                .doesNotContain("javascript:");
        assertThat(html).contains("&lt;script&gt;").contains("{#include x}").doesNotContain("\u202E");
    }

    @Test
    void a_long_address_is_written_to_in_well_formed_lines() throws Exception {
        String longAddress = "m" + connection + "@" + "a-very-long-name-of-a-merchant.".repeat(4) + "example";
        Surroundings.links().add(connection, 1, now.plus(Duration.ofDays(9)), longAddress);
        source.publish(expiring(1, 9));

        await().atMost(PATIENCE).until(() -> Surroundings.mail().to(longAddress).size() == 1);
        assertThat(Surroundings.mail().bareLineFeeds()).isZero();
    }

    @Test
    void headers_say_that_a_machine_wrote_it_and_stay_the_same_for_a_reminder() throws Exception {
        known(1, now.plus(Duration.ofDays(9)));
        source.publish(expiring(1, 9));
        await().atMost(PATIENCE).until(() -> mails().size() == 1);

        MimeMessage mail = mails().get(0);
        String id = rows.strings("select id::text from reminder where connection_id = ?", connection)
                .get(0);
        assertThat(mail.getHeader("Message-ID")).containsExactly("<" + id + "@perennial.example>");
        assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(mail.getHeader("Date")).hasSize(1);
        assertThat(mail.getSentDate().toInstant()).isBetween(now.minusSeconds(60), now.plusSeconds(600));
        assertThat(mail.getReplyTo()[0].toString()).isEqualTo("help@acme.example");
        assertThat(mail.getContentType()).startsWith("multipart/alternative");
    }

    @Test
    void a_connection_without_contacts_is_suppressed_and_told_of() {
        known(1, now.plus(Duration.ofDays(9))).putArray("contacts");
        source.publish(expiring(1, 9));

        ReceivedEvent suppressed = published.await("ReminderSuppressed", connection.toString());
        assertThat(suppressed.data().get("reason").asText()).isEqualTo("NO_CONTACT");
    }

    @Test
    void a_record_that_can_not_be_read_is_set_aside_and_the_next_one_is_handled() {
        known(1, now.plus(Duration.ofDays(9)));
        String deadLetters = Topics.deadLetters(Topics.EXPIRY, "notifier");
        try (Events dead = Events.fromNow(PerennialKafka.shared().bootstrapServers(), deadLetters)) {
            source.send(
                    Topics.EXPIRY,
                    connection.toString(),
                    Map.of("ce_type", "io.perennial.TokenExpiring.v1", "ce_id", "x"),
                    "no JSON".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            source.publish(expiring(1, 9));

            await().atMost(PATIENCE).until(() -> mails().size() == 1);
            dead.await("dead letter", event -> connection.toString().equals(event.key()));
        }
    }

    @Test
    void events_that_can_never_be_true_are_set_aside_and_the_next_one_is_handled() {
        known(1, now.plus(Duration.ofDays(9)));
        seen(1);
        ConnectionRef other =
                new ConnectionRef("other", connection, "ext", about(1).provider(), about(1).region(), 1, now);
        ConnectionRef never = new ConnectionRef(
                "acme",
                connection,
                "ext",
                about(1).provider(),
                about(1).region(),
                1,
                Instant.parse("9999-01-01T00:00:00Z"));
        String deadLetters = Topics.deadLetters(Topics.EXPIRY, "notifier");
        try (Events dead = Events.fromNow(PerennialKafka.shared().bootstrapServers(), deadLetters)) {
            source.publish(expiring(1, -1));
            source.publish(new RenewalOverdue(about(-1), 1, now));
            source.publish(new RenewalOverdue(other, 1, now));
            source.publish(new RenewalOverdue(never, 1, now));
            source.publish(expiring(1, 9));

            await().atMost(PATIENCE).until(() -> mails().size() == 1);
            List<ReceivedEvent> letters = dead.awaitCount(
                    4, "dead letters", event -> connection.toString().equals(event.key()));
            assertThat(letters)
                    .extracting(letter -> letter.headers().get("dead-letter-reason"))
                    .containsExactlyInAnyOrder(
                            "NEGATIVE_COUNT", "NEGATIVE_GENERATION", "OTHER_TENANT", "IMPOSSIBLE_TIME");
        }
        await().atMost(PATIENCE).until(() -> rows.unfinished(connection) == 0);
        assertThat(rows.reminders(connection)).containsExactly("EXPIRING/9 SENT");
    }

    @Test
    void what_became_of_reminders_is_counted() {
        double before = finished("EXPIRING", "SENT");
        known(1, now.plus(Duration.ofDays(9)));
        source.publish(expiring(1, 9));

        await().atMost(PATIENCE).until(() -> finished("EXPIRING", "SENT") == before + 1);
        assertThat(meters.get("perennial.reminders.oldest.waiting.seconds")
                        .gauge()
                        .value())
                .isNotNegative();
    }

    private double finished(String kind, String outcome) {
        return meters.find("perennial.reminders.finished").tags("kind", kind, "outcome", outcome).counters().stream()
                .mapToDouble(io.micrometer.core.instrument.Counter::count)
                .sum();
    }

    private ObjectNode known(int generation, Instant endsAt) {
        return Surroundings.links().add(connection, generation, endsAt, address);
    }

    private ConnectionRef about(int generation) {
        return EventSource.about(connection, generation, now);
    }

    private TokenExpiring expiring(int generation, int stage) {
        return new TokenExpiring(about(generation), stage, stage, now.plus(Duration.ofDays(stage)));
    }

    private TokenRenewed renewed(int generation) {
        return new TokenRenewed(
                about(generation),
                "A2MUSTER12345",
                "Muster Shop",
                List.of("A1PA6795UKMFR9"),
                now,
                now.plus(Duration.ofDays(365)),
                EndsAtSource.RULE,
                now);
    }

    private FetchCompleted fetched(int generation, FetchReason reason, int fresh, int updated) {
        return new FetchCompleted(
                about(generation), UUID.randomUUID(), reason, now.minusSeconds(60), now, 1, fresh, updated, 2, null);
    }

    private List<MimeMessage> mails() {
        return Surroundings.mail().to(address);
    }

    private int waiting() {
        return rows.strings("select id from reminder where state in ('PENDING', 'SENDING')")
                .size();
    }

    private void handled(EventEnvelope event) {
        await().atMost(PATIENCE).until(() -> rows.handled(event));
    }

    private void settled(EventEnvelope event) {
        settledAfter(event, () -> {});
    }

    private void settledAfter(EventEnvelope event, Runnable then) {
        handled(event);
        then.run();
        await().atMost(PATIENCE).until(() -> rows.unfinished(connection) == 0);
    }

    private void seen(int generation) {
        rows.execute(
                "insert into connection (connection_id, tenant_id, external_id, provider, region, generation, seen_at)"
                        + " values (?, 'acme', ?, 'AMAZON_SELLER', 'EU', ?, clock_timestamp())",
                connection,
                "ext-" + connection,
                generation);
    }

    /** What a process that was killed leaves behind. */
    private void leftInSending(String kind, int stage, UUID contact) {
        rows.execute(
                "insert into reminder (id, connection_id, tenant_id, generation, kind, stage, state, contact_id, due_at,"
                        + " next_attempt_at, claim, lease_until, created_at) values (uuidv7(), ?, 'acme', 1, ?, ?,"
                        + " 'SENDING', ?, clock_timestamp(), clock_timestamp(), uuidv7(),"
                        + " clock_timestamp() - interval '1 s', clock_timestamp())",
                connection,
                kind,
                stage,
                contact);
    }

    private static String text(MimeMessage mail) {
        return part(mail, 0);
    }

    private static String html(MimeMessage mail) {
        return part(mail, 1);
    }

    private static String part(MimeMessage mail, int index) {
        try {
            return ((jakarta.mail.Multipart) mail.getContent())
                    .getBodyPart(index)
                    .getContent()
                    .toString();
        } catch (java.io.IOException | jakarta.mail.MessagingException e) {
            throw new IllegalStateException(e);
        }
    }
}
