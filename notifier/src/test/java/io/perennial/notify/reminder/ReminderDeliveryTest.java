package io.perennial.notify.reminder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.perennial.clock.DomainClock;
import io.perennial.clock.MachineClock;
import io.perennial.contracts.ConnectionDisconnected;
import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.ConnectionUpdated;
import io.perennial.contracts.EndsAtSource;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.FetchCompleted;
import io.perennial.contracts.FetchFailed;
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
import io.perennial.notify.email.Mornings;
import io.perennial.notify.email.Postman;
import io.perennial.notify.email.ReadyStandIn;
import io.perennial.notify.links.ReminderLinks;
import io.perennial.notify.suppression.Mailboxes;
import io.perennial.notify.suppression.Suppressions;
import io.perennial.notify.suppression.Unsubscribing;
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
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithPerennial(database = "notifier")
@WithTestResource(Surroundings.class)
class ReminderDeliveryTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration MOVED = Duration.ofSeconds(1);
    private static final String AMONG = " = any (string_to_array(?, ','))";

    @Inject
    Rows rows;

    @Inject
    Delivery delivery;

    @Inject
    ReminderStore store;

    @Inject
    Claims claims;

    @Inject
    ReminderLinks links;

    @Inject
    Postman postman;

    @Inject
    Mornings mornings;

    @Inject
    Mailboxes mailboxes;

    @Inject
    Suppressions suppressions;

    @Inject
    Unsubscribing unsubscribing;

    @Inject
    SendPace pace;

    @Inject
    Results results;

    @Inject
    DataSource database;

    @Inject
    ReminderConfig config;

    @Inject
    ReminderMetrics metrics;

    @Inject
    WaitingGauge waiting;

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
        moveClock();
        Surroundings.links().recover();
        Surroundings.mail().forget();
    }

    @AfterEach
    void close() {
        published.close();
        source.close();
        Surroundings.links().recover();
        if (TestClock.shared().offset().compareTo(MOVED) != 0) {
            TestClock.shared().reset();
        }
        assertThat(logs.stop()).noneMatch(line -> line.contains("@merchant.example") || line.contains("/connect/"));
    }

    /** Mornings come by moving the clock; what each test waits for is not the morning. */
    private static void moveClock() {
        if (TestClock.shared().offset().isZero()) {
            TestClock.shared().advance(MOVED);
        }
    }

    @Test
    void each_stage_is_mailed_once_however_often_its_event_comes() {
        Instant end = now.plus(Duration.ofDays(30));
        known(1, end);
        for (int stage : List.of(30, 23, 16, 9, 2)) {
            EventEnvelope event = source.publish(expiring(1, stage, end));
            source.publish(event);
            settled(source.publish(expiring(1, stage, end)));
        }

        await().atMost(PATIENCE).until(() -> mails().size() == 5);
        settled(source.publish(expiring(1, 0, end)));

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
    void a_contact_gets_one_mail_in_the_morning_about_all_that_is_open() {
        TestClock.shared().reset();
        String zone = zoneWhereItIsNoon();
        UUID second = UUID.randomUUID();
        UUID renewed = UUID.randomUUID();
        UUID last = UUID.randomUUID();
        for (UUID id : List.of(connection, second, renewed, last)) {
            inZone(Surroundings.links().add(id, 1, now.plus(Duration.ofDays(23)), address), zone)
                    .put("accountName", "Shop " + id);
        }
        handled(source.publish(expiring(1, 23)));
        for (UUID id : List.of(second, renewed)) {
            handled(source.publish(
                    new TokenExpiring(EventSource.about(id, 1, now), 16, 16, now.plus(Duration.ofDays(23)))));
        }
        await().atMost(PATIENCE)
                .until(() -> waitingForTheirMorning(connection, second, renewed).size() == 3);
        assertThat(waitingForTheirMorning(connection, second, renewed))
                .allSatisfy(opensAt -> assertThat(OffsetDateTime.parse(opensAt)
                                .atZoneSameInstant(ZoneId.of(zone))
                                .toLocalTime())
                        .isEqualTo(LocalTime.of(9, 0)));
        assertThat(mails()).isEmpty();

        // There is no time to lose any more: not held back for the morning.
        Surroundings.links()
                .connection(last)
                .put("endsAt", now.plus(Duration.ofDays(2)).toString());
        source.publish(new TokenExpiring(EventSource.about(last, 1, now), 2, 2, now.plus(Duration.ofDays(2))));
        await().atMost(PATIENCE).until(() -> mails().size() == 1);
        assertThat(text(mails().get(0))).contains("Shop " + last).doesNotContain("Shop " + second);

        Surroundings.links().connection(renewed).put("generation", 2);
        TestClock.shared().advance(Duration.ofHours(22));
        await().atMost(PATIENCE).until(() -> mails().size() == 2);
        await().atMost(PATIENCE)
                .until(() -> rows.unfinished(connection) + rows.unfinished(second) + rows.unfinished(renewed) == 0);

        assertThat(text(mails().get(1)))
                .contains("Shop " + connection, "Shop " + second)
                .doesNotContain("Shop " + renewed)
                .doesNotContain("Shop " + last);
        assertThat(rows.reminders(connection)).containsExactly("EXPIRING/23 SENT");
        assertThat(rows.reminders(second)).containsExactly("EXPIRING/16 SENT");
        assertThat(rows.reminders(renewed)).containsExactly("EXPIRING/16 SUPPRESSED RENEWED");
    }

    @Test
    void a_mail_about_several_that_did_not_leave_leaves_again_about_the_same() {
        TestClock.shared().reset();
        String zone = zoneWhereItIsNoon();
        UUID second = UUID.randomUUID();
        for (UUID id : List.of(connection, second)) {
            inZone(Surroundings.links().add(id, 1, now.plus(Duration.ofDays(30)), address), zone);
            source.publish(new TokenExpiring(EventSource.about(id, 1, now), 30, 30, now.plus(Duration.ofDays(30))));
        }
        await().atMost(PATIENCE)
                .until(() -> waitingForTheirMorning(connection, second).size() == 2);
        Surroundings.mail().answerNext("RCPT TO:<" + address, "451 4.3.0 later");
        TestClock.shared().advance(Duration.ofHours(22));
        await().atMost(PATIENCE).until(() -> rows.reminders(second).contains("EXPIRING/30 PENDING SMTP_451"));
        assertThat(rows.reminders(connection)).containsExactly("EXPIRING/30 PENDING SMTP_451");

        TestClock.shared().advance(Duration.ofMinutes(1));
        await().atMost(PATIENCE).until(() -> rows.unfinished(connection) + rows.unfinished(second) == 0);
        assertThat(mails()).hasSize(1);
        assertThat(rows.reminders(connection)).containsExactly("EXPIRING/30 SENT");
        assertThat(rows.reminders(second)).containsExactly("EXPIRING/30 SENT");
    }

    @Test
    void only_the_latest_stage_of_a_connection_is_in_a_mail() {
        Surroundings.links().failWith(503);
        known(1, now.plus(Duration.ofDays(16)));
        seen(1);
        UUID mailbox = mailboxes.of("acme", address);
        for (int stage : List.of(23, 16)) {
            rows.execute(
                    "insert into reminder (id, connection_id, tenant_id, generation, kind, stage, state, mailbox, due_at,"
                            + " next_attempt_at, created_at) values (uuidv7(), ?, 'acme', 1, 'EXPIRING', ?, 'PENDING', ?,"
                            + " clock_timestamp() - make_interval(days => ?), clock_timestamp() - interval '1 h',"
                            + " clock_timestamp())",
                    connection,
                    stage,
                    mailbox,
                    stage);
        }
        Surroundings.links().recover();

        await().atMost(PATIENCE).until(() -> rows.unfinished(connection) == 0);
        assertThat(rows.reminders(connection))
                .containsExactlyInAnyOrder("EXPIRING/23 SUPPRESSED OVERTAKEN", "EXPIRING/16 SENT");
        assertThat(mails()).hasSize(1);
    }

    @Test
    void the_second_contact_hears_of_it_from_nine_days_on() {
        Instant end = now.plus(Duration.ofDays(16));
        known(1, end);
        String second = "second-" + connection + "@merchant.example";
        Surroundings.links().addContact(connection, second, 2);
        Surroundings.links().addContact(connection, "third-" + connection + "@merchant.example", 3);
        settled(source.publish(expiring(1, 16, end)));
        assertThat(mails()).hasSize(1);
        assertThat(Surroundings.mail().to(second)).isEmpty();

        EventEnvelope nine = source.publish(expiring(1, 9, end));
        source.publish(nine);
        settled(source.publish(expiring(1, 9, end)));
        await().atMost(PATIENCE).until(() -> Surroundings.mail().to(second).size() == 1);
        await().atMost(PATIENCE).until(() -> rows.unfinished(connection) == 0);
        assertThat(mails()).hasSize(2);
        assertThat(Surroundings.mail().to("third-" + connection + "@merchant.example"))
                .isEmpty();
        assertThat(rows.strings(
                        "select stage || '/' || place || ' ' || state from reminder where connection_id = ?",
                        connection))
                .containsExactlyInAnyOrder("16/0 SENT", "9/0 SENT", "9/1 SENT");
    }

    @Test
    void who_has_the_mail_of_a_stage_does_not_get_that_of_another_contact_too() {
        TestClock.shared().reset();
        String zone = zoneWhereItIsNoon();
        UUID withThird = UUID.randomUUID();
        String second = "second-" + address;
        String third = "third-" + address;
        for (UUID id : List.of(connection, withThird)) {
            inZone(Surroundings.links().add(id, 1, now.plus(Duration.ofDays(9)), address), zone);
            Surroundings.links().addContact(id, second, 2);
        }
        Surroundings.links().addContact(withThird, third, 3);
        for (UUID id : List.of(connection, withThird)) {
            handled(source.publish(
                    new TokenExpiring(EventSource.about(id, 1, now), 9, 9, now.plus(Duration.ofDays(9)))));
        }
        await().atMost(PATIENCE)
                .until(() -> waitingForTheirMorning(connection, withThird).size() == 4);

        rows.execute(
                "insert into suppression (id, tenant_id, mailbox, reason, connection_id, created_at, created_by)"
                        + " values (uuidv7(), 'acme', ?, 'UNSUBSCRIBED', ?, clock_timestamp(), 'contact')",
                mailboxes.of("acme", address),
                connection);
        TestClock.shared().advance(Duration.ofHours(22));
        await().atMost(PATIENCE).until(() -> rows.unfinished(connection) + rows.unfinished(withThird) == 0);

        assertThat(places(connection)).containsExactly("0 SUPPRESSED CONTACT_CHANGED", "1 SENT");
        assertThat(places(withThird)).containsExactly("0 SENT", "1 SENT");
        assertThat(mails()).isEmpty();
        assertThat(Surroundings.mail().to(second)).hasSize(1);
        assertThat(Surroundings.mail().to(third)).hasSize(1);
    }

    private List<String> places(UUID id) {
        return rows.strings(
                "select place || ' ' || state || coalesce(' ' || code, '') from reminder where connection_id = ?"
                        + " order by place",
                id);
    }

    @Test
    void operators_hear_in_one_mail_of_what_is_about_to_end_and_not_renewed() {
        TestClock.shared().reset();
        known(1, now.plus(Duration.ofDays(2)));
        UUID renewed = UUID.randomUUID();
        Surroundings.links().add(renewed, 1, now.plus(Duration.ofDays(2)), address);
        handled(source.publish(expiring(1, 9)));
        handled(source.publish(expiring(1, 2)));
        handled(source.publish(new TokenRevoked(about(1), now, null)));
        handled(source.publish(
                new TokenExpiring(EventSource.about(renewed, 1, now), 2, 2, now.plus(Duration.ofDays(2)))));
        handled(source.publish(new TokenRenewed(
                EventSource.about(renewed, 2, now),
                "A2MUSTER12345",
                "Muster Shop",
                List.of(),
                now,
                now.plus(Duration.ofDays(365)),
                EndsAtSource.RULE,
                now)));
        assertThat(toldToOperators()).isEmpty();

        TestClock.shared().advance(Duration.ofHours(25));
        await().atMost(PATIENCE).until(() -> toldToOperators().size() == Surroundings.OPERATORS.size());
        assertThat(toldToOperators().get(0))
                .contains("ends within 2 days (" + connection + ")")
                .contains("refused by the provider (" + connection + ")")
                .doesNotContain("ends within 9 days (" + connection + ")")
                .doesNotContain(renewed.toString())
                .doesNotContain("@merchant.example");
    }

    private List<String> toldToOperators() {
        return rows.strings(
                "select body from operator_mail where kind = 'CONNECTIONS_AT_RISK' and body like ?",
                "%" + connection + "%");
    }

    private List<String> waitingForTheirMorning(UUID... connections) {
        return Stream.of(connections)
                .flatMap(id -> rows
                        .strings(
                                "select to_char(opens_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') from reminder"
                                        + " where connection_id = ? and state = 'PENDING' and mailbox is not null"
                                        + " and opens_at > clock_timestamp()",
                                id)
                        .stream())
                .toList();
    }

    private static ObjectNode inZone(ObjectNode known, String zone) {
        ((ObjectNode) known.get("tenant")).put("timeZone", zone);
        return known;
    }

    /** So that the morning is always 21 hours away, whenever the test runs. Etc/GMT-3 is three hours east. */
    private String zoneWhereItIsNoon() {
        int hours = 12 - now.atOffset(ZoneOffset.UTC).getHour();
        return hours == 0 ? "Etc/GMT" : "Etc/GMT" + (hours > 0 ? "-" : "+") + Math.abs(hours);
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
        settled(source.publish(new TokenExpired(about(1), now)));
        settled(source.publish(new RenewalOverdue(about(1), 1, now)));
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
    void who_is_connected_again_hears_of_it_once_although_the_fetch_failed() {
        known(2, now.plus(Duration.ofDays(365)));
        settled(source.publish(new FetchFailed(about(2), UUID.randomUUID(), FetchReason.RENEWAL_GAP, "ROLE_MISSING")));
        settled(source.publish(fetched(2, FetchReason.RENEWAL_GAP, 11, 3)));

        assertThat(rows.reminders(connection)).containsExactly("RECONNECTED/0 SENT");
        await().atMost(PATIENCE).until(() -> mails().size() == 1);
        assertThat(text(mails().get(0)).replaceAll("\\s+", " "))
                .contains("have not all been fetched yet")
                .doesNotContain("14 orders");
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
    void a_reinstated_connection_is_reminded_again_before_its_new_end() {
        known(1, now.plus(Duration.ofDays(9)));
        Instant newEnd = now.plus(Duration.ofDays(200));
        settled(source.publish(new TokenExpiring(before(180), 9, 9, now.plus(Duration.ofDays(9)))));
        handled(source.publish(new TokenReinstated(before(120), newEnd, EndsAtSource.ESTIMATE)));

        EventEnvelope again = source.publish(new TokenExpiring(before(60), 9, 9, newEnd));
        source.publish(again);
        settled(source.publish(new TokenExpiring(before(0), 9, 9, newEnd)));

        assertThat(rows.reminders(connection)).containsExactly("EXPIRING/9 SENT", "EXPIRING/9 SENT");
        assertThat(lives()).containsExactly("0", "1");
        await().atMost(PATIENCE).until(() -> mails().size() == 2);
    }

    @Test
    void a_grant_that_dies_a_second_time_is_told_of_a_second_time() {
        ObjectNode known = known(1, now.plus(Duration.ofDays(9)));
        known.put("state", "REVOKED");
        settled(source.publish(new TokenRevoked(before(180), now, null)));
        handled(source.publish(new TokenReinstated(before(120), null, null)));

        EventEnvelope again = source.publish(new TokenRevoked(before(60), now, null));
        source.publish(again);
        settled(again);

        assertThat(rows.reminders(connection)).containsExactly("REVOKED/0 SENT", "REVOKED/0 SENT");
        await().atMost(PATIENCE).until(() -> mails().size() == 2);
    }

    @Test
    void an_end_that_moves_on_by_a_week_is_a_new_plan_and_by_less_is_none() {
        Instant end = now.plus(Duration.ofDays(9));
        known(1, end);
        settled(source.publish(new TokenExpiring(before(180), 9, 9, end)));
        settled(source.publish(new TokenExpiring(
                before(120), 9, 9, end.plus(Duration.ofDays(7)).minusSeconds(1))));
        assertThat(rows.reminders(connection)).containsExactly("EXPIRING/9 SENT");

        settled(source.publish(new TokenExpiring(before(60), 9, 9, end.plus(Duration.ofDays(7)))));
        assertThat(rows.reminders(connection)).containsExactly("EXPIRING/9 SENT", "EXPIRING/9 SENT");

        // What was announced before the end moved, and comes late.
        settled(source.publish(new TokenExpiring(before(150), 9, 9, end)));
        assertThat(lives()).containsExactly("0", "1");
        await().atMost(PATIENCE).until(() -> mails().size() == 2);
    }

    @Test
    void a_mail_that_waits_while_its_end_is_corrected_is_replaced_by_that_of_the_new_end() {
        Surroundings.links().failWith(503);
        Instant end = now.plus(Duration.ofDays(2));
        Instant corrected = end.plus(Duration.ofDays(10));
        handled(source.publish(new TokenExpiring(before(60), 2, 2, end)));
        known(1, corrected);
        Surroundings.links().recover();
        await().atMost(PATIENCE).until(() -> rows.unfinished(connection) == 0);
        assertThat(rows.reminders(connection)).containsExactly("EXPIRING/2 SUPPRESSED OVERTAKEN");

        settled(source.publish(new TokenExpiring(before(0), 16, 12, corrected)));
        assertThat(rows.reminders(connection))
                .containsExactlyInAnyOrder("EXPIRING/2 SUPPRESSED OVERTAKEN", "EXPIRING/16 SENT");
        await().atMost(PATIENCE).until(() -> mails().size() == 1);
    }

    @Test
    void a_reinstatement_that_comes_late_suppresses_nothing_that_happened_after_it() {
        Surroundings.links().failWith(503);
        known(2, now.minusSeconds(60)).put("state", "EXPIRED");
        handled(source.publish(new RenewalOverdue(about(2), 1, now)));
        settledAfter(
                source.publish(new TokenReinstated(before(60), now.plus(Duration.ofDays(365)), EndsAtSource.ESTIMATE)),
                () -> Surroundings.links().recover());

        assertThat(rows.reminders(connection)).containsExactly("OVERDUE/1 SENT");
    }

    @Test
    void what_a_reinstatement_has_undone_is_not_planned_when_it_comes_after_it() {
        known(1, now.plus(Duration.ofDays(365)));
        handled(source.publish(new TokenReinstated(before(60), now.plus(Duration.ofDays(365)), EndsAtSource.ESTIMATE)));
        settled(source.publish(new RenewalOverdue(before(120), 1, now)));
        assertThat(rows.reminders(connection)).isEmpty();
    }

    @Test
    void operators_do_not_hear_of_what_works_again() {
        TestClock.shared().reset();
        UUID reinstated = UUID.randomUUID();
        UUID moved = UUID.randomUUID();
        UUID refused = UUID.randomUUID();
        for (UUID id : List.of(connection, reinstated, moved, refused)) {
            Surroundings.links().add(id, 1, now.plus(Duration.ofDays(2)), address);
        }
        handled(source.publish(expiring(1, 2)));
        handled(source.publish(new TokenRevoked(EventSource.about(reinstated, 1, now), now, null)));
        handled(source.publish(new TokenReinstated(
                EventSource.about(reinstated, 1, now.plusSeconds(60)),
                now.plus(Duration.ofDays(365)),
                EndsAtSource.ESTIMATE)));
        for (UUID id : List.of(moved, refused)) {
            handled(source.publish(new RenewalOverdue(EventSource.about(id, 1, now), 1, now)));
        }
        handled(source.publish(new TokenExpired(EventSource.about(refused, 1, now), now)));
        for (UUID id : List.of(moved, refused)) {
            handled(source.publish(new ConnectionUpdated(
                    EventSource.about(id, 1, now.plusSeconds(60)),
                    "Muster Shop",
                    List.of(),
                    now.plus(Duration.ofDays(40)),
                    EndsAtSource.OPERATOR,
                    null)));
        }

        TestClock.shared().advance(Duration.ofHours(25));
        await().atMost(PATIENCE).until(() -> toldToOperators().size() == Surroundings.OPERATORS.size());
        assertThat(toldToOperators().get(0))
                .contains("ends within 2 days (" + connection + ")")
                .contains("has ended (" + refused + ")")
                .contains("not renewed for 1 week (" + refused + ")")
                .doesNotContain(reinstated.toString())
                .doesNotContain(moved.toString());
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
                id,
                UUID.randomUUID(),
                connection,
                1,
                ReminderKind.EXPIRING,
                9,
                0,
                null,
                0,
                null,
                now,
                null,
                null,
                0,
                0,
                null);
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
        Delivery stopping = anotherDelivery();
        stopping.stop();
        known(1, now.plus(Duration.ofDays(30)));
        for (int campaign = 1; campaign <= 5; campaign++) {
            source.publish(new RenewalRequired(about(1), RenewalReason.OTHER, UUID.randomUUID(), campaign, 1));
        }
        await().atMost(PATIENCE).until(() -> {
            stopping.run().await().atMost(PATIENCE);
            stopping.ended().await().atMost(PATIENCE);
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
    void a_replica_that_is_back_does_not_wait_for_the_leases_of_its_former_life() {
        known(1, now.plus(Duration.ofDays(30)));
        seen(1);
        UUID ofFormerLife = claims.ofReplica().first();
        String anHour = "1 h";
        leftInSending("EXPIRING", 23, null, ofFormerLife, anHour);
        leftInSending("EXPIRING", 16, UUID.randomUUID(), ofFormerLife, anHour);
        leftInSending("EXPIRING", 9, UUID.randomUUID(), claims.next(), anHour);
        leftInSending("EXPIRING", 2, UUID.randomUUID(), UUID.randomUUID(), anHour);

        anotherDelivery().run().await().atMost(PATIENCE);

        await().atMost(PATIENCE).until(() -> rows.unfinished(connection) == 2);
        assertThat(rows.reminders(connection))
                .containsExactlyInAnyOrder(
                        "EXPIRING/23 SENT",
                        "EXPIRING/16 AMBIGUOUS CRASHED",
                        "EXPIRING/9 SENDING",
                        "EXPIRING/2 SENDING");
        rows.execute("delete from reminder where connection_id = ?", connection);
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

        await().atMost(PATIENCE).untilAsserted(() -> {
            Uni.join()
                    .all(delivery.run(), delivery.run(), delivery.run())
                    .andFailFast()
                    .await()
                    .atMost(PATIENCE);
            assertThat(rows.strings(
                            "select state || ' ' || coalesce(code, '') || ' ' || next_attempt_at || ' ' || coalesce(opens_at::text, '') from reminder"
                                    + " where state in ('PENDING', 'SENDING')"))
                    .isEmpty();
        });
        await().atMost(PATIENCE).until(() -> rows.strings("select id from reminder where state = 'SENDING'")
                .isEmpty());

        assertThat(addresses)
                .allSatisfy(to -> assertThat(Surroundings.mail().to(to)).hasSize(1));
    }

    @Test
    void a_sender_whose_queue_is_longer_than_a_batch_holds_nobody_else_up() {
        String domain = "d" + connection + ".example";
        String tenant = "t" + connection;
        rows.execute(
                "insert into sender_pace (sender, tokens, granted, refilled_at) values (?, -1e9, 0, clock_timestamp())",
                domain);
        List<UUID> held =
                Stream.generate(UUID::randomUUID).limit(config.batchSize() + 5L).toList();
        for (UUID id : held) {
            ((ObjectNode) Surroundings.links()
                            .add(id, 1, now.plus(Duration.ofDays(9)), "m" + id + "@merchant.example")
                            .get("tenant"))
                    .put("id", tenant)
                    .put("senderAddress", "renew@" + domain);
            seen(id, 1);
            rows.execute(
                    "insert into reminder (id, connection_id, tenant_id, generation, kind, stage, state, mailbox, due_at,"
                            + " opens_at, next_attempt_at, created_at) select uuidv7(), ?, ?, 1, 'EXPIRING', 9,"
                            + " 'PENDING', ?, at, at, at, at from (select clock_timestamp() - interval '1 h' as at)",
                    id,
                    tenant,
                    mailboxes.of(tenant, "m" + id + "@merchant.example"));
        }
        known(1, now.plus(Duration.ofDays(9)));
        source.publish(expiring(1, 9));

        await().atMost(PATIENCE).until(() -> rows.reminders(connection).contains("EXPIRING/9 SENT"));
        assertThat(held).allSatisfy(id -> assertThat(rows.unfinished(id)).isOne());
        rows.execute("update sender_pace set tokens = 100 where sender = ?", domain);
        await().atMost(PATIENCE)
                .until(() -> held.stream().allMatch(id -> rows.reminders(id).equals(List.of("EXPIRING/9 SENT"))));
    }

    /** Groups used to wait for each other: connections stood idle, and each mail cost a transaction of its own. */
    @Test
    void mails_leave_while_results_wait_and_what_waits_is_written_down_at_once() throws SQLException {
        int atOnce = 2 * config.parallelMails();
        List<UUID> many = Stream.generate(UUID::randomUUID).limit(atOnce + 4L).toList();
        double before = answeredMails();
        try (Connection blocking = lockedBeforeTheyAreDue(many)) {
            await().atMost(PATIENCE).until(() -> answeredMails() >= before + atOnce);
            List<String> intended = rows.strings(
                    "select connection_id::text from reminder where contact_id is not null and connection_id::text"
                            + AMONG,
                    joined(many));
            assertThat(intended).as("what a kill would leave AMBIGUOUS").hasSize(atOnce);
            assertThat(transactionsOf(intended)).as("intents").hasSizeLessThanOrEqualTo(2);

            blocking.commit();
            await().atMost(PATIENCE)
                    .until(() -> many.stream().allMatch(id -> rows.reminders(id).equals(List.of("EXPIRING/2 SENT"))));
            assertThat(transactionsOf(intended)).as("results").hasSizeLessThanOrEqualTo(2);
        }
        assertThat(many).allSatisfy(id -> assertThat(Surroundings.mail().to("m" + id + "@merchant.example"))
                .hasSize(1));
    }

    @Test
    void a_result_that_can_not_be_written_down_holds_up_no_other() throws SQLException {
        List<UUID> some = Stream.generate(UUID::randomUUID).limit(4).toList();
        UUID stuck = some.get(1);
        double before = answeredMails();
        rows.execute("create function refuse_result() returns trigger language plpgsql as"
                + " $$ begin raise exception 'not now'; end $$");
        try {
            rows.execute("create trigger refuse_result before update on reminder for each row when (new.state = 'SENT'"
                    + " and new.connection_id = '" + stuck + "') execute function refuse_result()");
            try (Connection blocking = lockedBeforeTheyAreDue(some)) {
                await().atMost(PATIENCE).until(() -> answeredMails() >= before + some.size());
                blocking.commit();
            }
            await().atMost(PATIENCE)
                    .until(() -> some.stream().filter(id -> !id.equals(stuck)).allMatch(id -> rows.reminders(id)
                            .equals(List.of("EXPIRING/2 SENT"))));
            assertThat(rows.reminders(stuck)).containsExactly("EXPIRING/2 SENDING");
        } finally {
            rows.execute("drop function refuse_result cascade");
        }
        await().atMost(PATIENCE).until(() -> rows.reminders(stuck).equals(List.of("EXPIRING/2 SENT")));
        assertThat(Surroundings.mail().to("m" + stuck + "@merchant.example")).hasSize(1);
    }

    /** Reminders of these connections, due when this returns; their results wait for the end of the transaction. */
    private Connection lockedBeforeTheyAreDue(List<UUID> connections) throws SQLException {
        for (UUID id : connections) {
            String to = "m" + id + "@merchant.example";
            ((ObjectNode) Surroundings.links()
                            .add(id, 1, now.plus(Duration.ofDays(2)), to)
                            .get("tenant"))
                    .put("senderAddress", "renew@d" + connection + ".example");
            seen(id, 1);
            rows.execute(
                    "insert into reminder (id, connection_id, tenant_id, generation, kind, stage, state, mailbox, due_at,"
                            + " opens_at, next_attempt_at, created_at) select uuidv7(), ?, 'acme', 1, 'EXPIRING', 2,"
                            + " 'PENDING', ?, at, at, at + interval '9 d', at from (select clock_timestamp() as at)",
                    id,
                    mailboxes.of("acme", to));
        }
        Connection blocking = database.getConnection();
        blocking.setAutoCommit(false);
        try (PreparedStatement lock =
                blocking.prepareStatement("select from connection where connection_id::text" + AMONG + " for update")) {
            lock.setString(1, joined(connections));
            lock.execute();
        }
        rows.execute(
                "update reminder set next_attempt_at = created_at where connection_id::text" + AMONG,
                joined(connections));
        return blocking;
    }

    private double answeredMails() {
        return meters.get("perennial.reminders.send").timer().count();
    }

    /** Those that wrote the present versions of these rows. */
    private List<String> transactionsOf(List<String> connections) {
        return rows.strings(
                "select distinct xmin::text from reminder where connection_id::text" + AMONG,
                String.join(",", connections));
    }

    private static String joined(List<UUID> ids) {
        return ids.stream().map(UUID::toString).collect(Collectors.joining(","));
    }

    @Test
    void a_sender_whose_pace_is_spent_holds_its_mails_back_and_nobody_elses() {
        String domain = "d" + connection + ".example";
        ((ObjectNode) known(1, now.plus(Duration.ofDays(9))).get("tenant")).put("senderAddress", "renew@" + domain);
        rows.execute(
                "insert into sender_pace (sender, tokens, granted, refilled_at) values (?, -1e9, 0, clock_timestamp())",
                domain);
        handled(source.publish(expiring(1, 9)));
        await().atMost(PATIENCE).until(() -> rows.reminders(connection).contains("EXPIRING/9 PENDING PACED"));
        UUID other = UUID.randomUUID();
        Surroundings.links().add(other, 1, now.plus(Duration.ofDays(9)), "m" + other + "@merchant.example");
        source.publish(new TokenExpiring(EventSource.about(other, 1, now), 9, 9, now.plus(Duration.ofDays(9))));
        await().atMost(PATIENCE).until(() -> rows.reminders(other).contains("EXPIRING/9 SENT"));
        assertThat(mails()).isEmpty();

        rows.execute("update sender_pace set tokens = 1 where sender = ?", domain);
        await().atMost(PATIENCE).until(() -> rows.reminders(connection).contains("EXPIRING/9 SENT"));
        assertThat(mails()).hasSize(1);
    }

    /** The expiry mailer of Let's Encrypt fell behind and nobody saw it, because "at capacity" said yes or no (Boulder 2002, 6125). */
    @Test
    void more_than_can_be_sent_shows_as_lag_and_the_oldest_goes_first() {
        String domain = "d" + connection + ".example";
        List<UUID> oldestFirst = Stream.generate(UUID::randomUUID).limit(3).toList();
        rows.execute(
                "insert into sender_pace (sender, tokens, granted, refilled_at)"
                        + " values (?, 0, 0, clock_timestamp() + interval '1 d')",
                domain);
        for (int age = 1; age <= 3; age++) {
            UUID id = oldestFirst.get(3 - age);
            String to = "m" + id + "@merchant.example";
            ((ObjectNode) Surroundings.links()
                            .add(id, 1, now.plus(Duration.ofDays(9)), to)
                            .get("tenant"))
                    .put("senderAddress", "renew@" + domain);
            seen(id, 1);
            rows.execute(
                    "insert into reminder (id, connection_id, tenant_id, generation, kind, stage, state, mailbox, due_at,"
                            + " opens_at, next_attempt_at, created_at) select uuidv7(), ?, 'acme', 1, 'EXPIRING', 9,"
                            + " 'PENDING', ?, at, at, at, at from (select clock_timestamp() - make_interval(hours => ?) as at)",
                    id,
                    mailboxes.of("acme", to),
                    age);
        }
        waiting.sample().await().atMost(PATIENCE);
        assertThat(waitingMinutes()).isGreaterThan(179);

        for (int sent = 1; sent <= 3; sent++) {
            rows.execute("update sender_pace set tokens = 1 where sender = ?", domain);
            UUID next = oldestFirst.get(sent - 1);
            await().atMost(PATIENCE).until(() -> rows.reminders(next).contains("EXPIRING/9 SENT"));
            assertThat(oldestFirst.stream()
                            .filter(id -> rows.reminders(id).contains("EXPIRING/9 SENT"))
                            .count())
                    .isEqualTo(sent);
        }
        assertThat(meters.get("perennial.reminders.delay")
                        .tag("kind", "EXPIRING")
                        .timer()
                        .max(TimeUnit.HOURS))
                .isGreaterThan(2.9);
    }

    /** There, what needed no mail was no longer marked as looked at, and soon filled every batch (Boulder 6057, 6080, 6100). */
    @Test
    void whatever_comes_of_it_what_was_looked_at_leaves_the_due_set() {
        Surroundings.links().failWith(503);
        Map<String, UUID> fates = new LinkedHashMap<>();
        for (String fate : List.of(
                "SUPPRESSED UNKNOWN_CONNECTION",
                "SUPPRESSED RENEWED",
                "SUPPRESSED DISCONNECTED",
                "SUPPRESSED OVERTAKEN",
                "SUPPRESSED NO_CONTACT",
                "SUPPRESSED NOBODY_HEARS",
                "SUPPRESSED SAID_RENEWED",
                "FAILED INVALID_ADDRESS",
                "FAILED UNWRITABLE",
                "SENT")) {
            UUID id = UUID.randomUUID();
            fates.put(fate, id);
            makeLikely(fate, id);
            source.publish(new TokenExpiring(EventSource.about(id, 1, now), 23, 23, now.plus(Duration.ofDays(23))));
        }
        await().atMost(PATIENCE).until(() -> waiting() >= fates.size());
        Surroundings.links().recover();

        fates.forEach((fate, id) ->
                await().atMost(PATIENCE).until(() -> rows.reminders(id), List.of("EXPIRING/23 " + fate)::equals));
        assertThat(waiting()).isZero();
    }

    private void makeLikely(String fate, UUID id) {
        if (fate.endsWith("UNKNOWN_CONNECTION")) {
            return;
        }
        String to = "m" + id + "@merchant.example";
        ObjectNode known = Surroundings.links().add(id, 1, now.plus(Duration.ofDays(23)), to);
        switch (fate) {
            case "SUPPRESSED RENEWED" -> known.put("generation", 2);
            case "SUPPRESSED DISCONNECTED" -> known.put("state", "DISCONNECTED");
            case "SUPPRESSED OVERTAKEN" -> known.put("state", "EXPIRED");
            case "SUPPRESSED NO_CONTACT" -> known.putArray("contacts");
            case "SUPPRESSED SAID_RENEWED" ->
                known.put("saidRenewedAt", now.plusSeconds(60).toString());
            case "FAILED INVALID_ADDRESS" ->
                Surroundings.links()
                        .add(id, 1, now.plus(Duration.ofDays(23)), "two@merchant.example, more@merchant.example");
            case "FAILED UNWRITABLE" -> known.remove("provider");
            case "SUPPRESSED NOBODY_HEARS" -> {
                seen(id, 1);
                rows.execute(
                        "insert into suppression (id, tenant_id, mailbox, reason, connection_id, created_at, created_by)"
                                + " values (uuidv7(), 'acme', ?, 'UNSUBSCRIBED', ?, clock_timestamp(), 'contact')",
                        mailboxes.of("acme", to),
                        id);
            }
            default -> known.put("state", "ACTIVE");
        }
    }

    /** The service ended because of what it kept of millions of people. Here an address lives as long as one delivery. */
    @Test
    void neither_address_nor_link_is_in_the_database_after_a_mail() {
        String link = known(1, now.plus(Duration.ofDays(9))).get("url").asText().replaceFirst(".*/", "");
        Surroundings.links().addContact(connection, "second-" + address, 2);
        Surroundings.mail().answerNext("RCPT TO:<" + address, "550 5.1.1 <" + address + "> no such user");
        settled(source.publish(expiring(1, 9)));
        assertThat(Surroundings.mail().to("second-" + address)).hasSize(1);

        List<String> tables =
                rows.strings("select table_name from information_schema.tables where table_schema = current_schema()");
        assertThat(tables).contains("reminder", "suppression", "outbox");
        assertThat(tables).allSatisfy(table -> assertThat(rows.strings(
                        "select t::text from \"" + table + "\" t where t::text like ? or t::text like ?",
                        "%" + address + "%",
                        "%" + link + "%"))
                .isEmpty());
    }

    @Test
    void no_more_are_granted_than_a_sender_has_saved_up_however_many_ask_at_once() {
        String domain = "d" + connection + ".example";
        rows.execute(
                "insert into sender_pace (sender, tokens, granted, refilled_at)"
                        + " values (?, 5, 0, clock_timestamp() + interval '1 h')",
                domain);
        List<Letter> letters = Stream.generate(
                        () -> new Letter(List.of(), null, UUID.randomUUID(), new ReadyStandIn(domain).get()))
                .limit(3)
                .toList();
        int granted = Uni.join()
                .all(pace.take(letters), pace.take(letters), pace.take(letters))
                .andFailFast()
                .await()
                .atMost(PATIENCE)
                .stream()
                .mapToInt(some -> some.now().size())
                .sum();

        assertThat(granted).isEqualTo(5);
    }

    @Test
    void a_passing_fault_of_the_mail_server_is_tried_again_later() {
        known(1, now.plus(Duration.ofDays(9)));
        Surroundings.mail().answerNext("RCPT TO:<" + address, "451 4.7.1 greylisted, try again later");
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
        Surroundings.mail().answerNext("RCPT TO:<" + address, "452 4.2.2 mailbox full");
        handled(source.publish(expiring(1, 30)));
        await().atMost(PATIENCE).until(() -> rows.reminders(connection).contains("EXPIRING/30 PENDING SMTP_452"));
        Surroundings.mail().answerNext("RCPT TO:<" + address, "452 4.2.2 mailbox full");
        TestClock.shared().advance(Duration.ofHours(49));

        ReceivedEvent failed = published.await("ReminderFailed", connection.toString());
        assertThat(failed.data().get("code").asText()).isEqualTo("SMTP_452");
        assertThat(mails()).isEmpty();
    }

    @Test
    void a_refusal_for_good_fails_at_once() {
        known(1, now.plus(Duration.ofDays(9)));
        Surroundings.mail().answerNext("RCPT TO:<" + address, "550 5.1.1 <" + address + "> no such user");
        source.publish(expiring(1, 9));

        ReceivedEvent failed = published.await("ReminderFailed", connection.toString());
        assertThat(failed.data().get("code").asText()).isEqualTo("SMTP_550");
        assertThat(failed.toString()).doesNotContain(address);
        await().atMost(PATIENCE).until(() -> rows.reminders(connection)
                .equals(List.of("EXPIRING/9 FAILED SMTP_550", "EXPIRING/9 SUPPRESSED NOBODY_HEARS")));
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
    }

    /** An alert on what was due next stayed silent through a day's outage: each attempt in vain made the mail due later. */
    @Test
    void a_mail_that_is_tried_in_vain_or_being_sent_waits_since_it_might_have_left() {
        Surroundings.links().failWith(503);
        seen(connection, 1);
        rows.execute(
                "insert into reminder (id, connection_id, tenant_id, generation, kind, stage, state, due_at, opens_at,"
                        + " next_attempt_at, created_at) select uuidv7(), ?, 'acme', 1, 'EXPIRING', 9, 'PENDING', at, at, at, at"
                        + " from (select clock_timestamp() - interval '3 h' as at)",
                connection);
        await().atMost(PATIENCE).until(() -> rows.reminders(connection).contains("EXPIRING/9 PENDING NO_LINKS"));
        waiting.sample().await().atMost(PATIENCE);
        assertThat(waitingMinutes()).isGreaterThan(179);
        TestClock.shared().advance(Duration.ofHours(1));
        await().atMost(PATIENCE).until(() -> waitingMinutes() > 239);

        rows.execute(
                "update reminder set state = 'SENDING', claim = uuidv7(), lease_until = clock_timestamp() + interval '1 h',"
                        + " due_at = due_at - interval '1000 h', opens_at = opens_at - interval '1000 h' where connection_id = ?",
                connection);
        waiting.sample().await().atMost(PATIENCE);
        assertThat(waitingMinutes()).isGreaterThan(60_000);

        rows.execute("update reminder set code = 'SMTP_452' where connection_id = ?", connection);
        waiting.sample().await().atMost(PATIENCE);
        assertThat(waitingMinutes()).as("a full mailbox").isLessThan(60_000);
        rows.execute(
                "update reminder set state = 'PENDING', claim = null, lease_until = null,"
                        + " next_attempt_at = next_attempt_at + interval '9 h' where connection_id = ?",
                connection);
        waiting.sample().await().atMost(PATIENCE);
        assertThat(meters.get("perennial.reminders.put.off").gauge().value()).isPositive();

        rows.execute("update reminder set next_attempt_at = '-infinity' where connection_id = ?", connection);
        await("it goes back unsent").atMost(PATIENCE).until(() -> !rows.strings(
                        "select id::text from reminder where connection_id = ? and claim is null"
                                + " and next_attempt_at > '-infinity'",
                        connection)
                .isEmpty());
        assertThat(rows.reminders(connection)).as("still put off").containsExactly("EXPIRING/9 PENDING SMTP_452");
        rows.execute("delete from reminder where connection_id = ?", connection);
    }

    private Delivery anotherDelivery() {
        MachineClock machine = new MachineClock();
        DomainClock clock = DomainClock.immovable(machine);
        Departures departures = new Departures(store, pace, postman, results, config, metrics, clock, machine);
        return new Delivery(
                store,
                links,
                postman,
                mornings,
                mailboxes,
                suppressions,
                unsubscribing,
                departures,
                results,
                config,
                metrics,
                pace,
                clock,
                machine);
    }

    private double waitingMinutes() {
        return meters.get("perennial.reminders.oldest.waiting").timeGauge().value(TimeUnit.MINUTES);
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

    /** Generation 1, some seconds ago. */
    private ConnectionRef before(int seconds) {
        return EventSource.about(connection, 1, now.minusSeconds(seconds));
    }

    private List<String> lives() {
        return rows.strings("select life::text from reminder where connection_id = ? order by life", connection);
    }

    private TokenExpiring expiring(int generation, int stage) {
        return expiring(generation, stage, now.plus(Duration.ofDays(stage)));
    }

    private TokenExpiring expiring(int generation, int stage, Instant endsAt) {
        return new TokenExpiring(about(generation), stage, stage, endsAt);
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
        seen(connection, generation);
    }

    private void seen(UUID id, int generation) {
        rows.execute(
                "insert into connection (connection_id, tenant_id, external_id, provider, region, generation, seen_at)"
                        + " values (?, 'acme', ?, 'AMAZON_SELLER', 'EU', ?, clock_timestamp())",
                id,
                "ext-" + id,
                generation);
    }

    /** What a process that was killed leaves behind, when its lease is over. */
    private void leftInSending(String kind, int stage, UUID contact) {
        leftInSending(kind, stage, contact, UUID.randomUUID(), "-1 s");
    }

    private void leftInSending(String kind, int stage, UUID contact, UUID claim, String lease) {
        rows.execute(
                "insert into reminder (id, connection_id, tenant_id, generation, kind, stage, state, contact_id, due_at,"
                        + " next_attempt_at, claim, lease_until, created_at) values (uuidv7(), ?, 'acme', 1, ?, ?,"
                        + " 'SENDING', ?, clock_timestamp(), clock_timestamp(), ?,"
                        + " clock_timestamp() + cast(? as interval), clock_timestamp())",
                connection,
                kind,
                stage,
                contact,
                claim,
                lease);
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
