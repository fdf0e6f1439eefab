package io.perennial.notify.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.perennial.contracts.AppRef;
import io.perennial.contracts.ClientSecretExpiring;
import io.perennial.contracts.EventCodec;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.EventType;
import io.perennial.contracts.OutageReason;
import io.perennial.contracts.PlatformEvent;
import io.perennial.contracts.Provider;
import io.perennial.contracts.ProviderOutageCleared;
import io.perennial.contracts.ProviderOutageDetected;
import io.perennial.contracts.Region;
import io.perennial.contracts.Topics;
import io.perennial.notify.EventSource;
import io.perennial.notify.LogRecords;
import io.perennial.notify.MailServer;
import io.perennial.notify.Rows;
import io.perennial.notify.Surroundings;
import io.perennial.testsupport.TestClock;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithPerennial(database = "notifier")
@WithTestResource(Surroundings.class)
class OperatorMailsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Inject
    Rows rows;

    private final LogRecords logs = LogRecords.capture();
    private final EventSource source = new EventSource();
    private final String app = "App " + UUID.randomUUID();
    private final Instant now = TestClock.shared().now();

    @BeforeEach
    void calm() {
        mailServer().forget();
    }

    @AfterEach
    void close() {
        source.close();
        mailServer().forget();
        TestClock.shared().reset();
        assertThat(logs.stop()).noneMatch(line -> line.contains("@operators.example"));
    }

    @Test
    void every_operator_hears_once_of_a_secret_that_ends_and_of_an_outage() throws Exception {
        EventEnvelope secret = source.publish(secretEnds(7));
        source.publish(secret);
        source.publish(new ProviderOutageDetected(about(now), Region.EU, OutageReason.CLIENT_REFUSED));
        EventEnvelope cleared = envelope(
                new ProviderOutageCleared(about(now), Region.EU, OutageReason.CLIENT_REFUSED, now.minusSeconds(600)));
        // As a dead letter that is handed over again.
        source.send(
                Topics.replay("notifier"),
                cleared.key(),
                EventCodec.headers(cleared),
                EventCodec.toJson(cleared.data()).getBytes(StandardCharsets.UTF_8));
        source.publish(cleared);

        await().atMost(PATIENCE).until(() -> states().equals(List.of("SENT", "SENT", "SENT", "SENT", "SENT", "SENT")));
        for (String operator : Surroundings.OPERATORS) {
            assertThat(subjects(operator))
                    .containsExactlyInAnyOrder(
                            "Client secret of " + app + " ends on "
                                    + day(secretEnds(7).expiresAt()),
                            "Outage: " + app + ", EU (CLIENT_REFUSED)",
                            "Over: outage of " + app + ", EU (CLIENT_REFUSED)");
        }
        MimeMessage mail = mailServer().to(Surroundings.OPERATORS.get(0)).stream()
                .filter(one -> subject(one).startsWith("Client secret of " + app))
                .findFirst()
                .orElseThrow();
        assertThat(mail.getContent().toString()).contains(app, "Merchants need not do anything");
    }

    @Test
    void what_was_over_before_anybody_could_be_told_is_no_news() {
        EventEnvelope old = source.publish(
                new ProviderOutageDetected(about(now.minus(Duration.ofDays(8))), Region.EU, OutageReason.THROTTLED));
        EventEnvelope recent = source.publish(secretEnds(30));
        await().atMost(PATIENCE).until(() -> rows.handled(old) && states().equals(List.of("SENT", "SENT")));
        assertThat(rows.strings(
                        "select distinct kind from operator_mail where event_id in (?, ?)", old.id(), recent.id()))
                .containsExactly("CLIENT_SECRET_EXPIRING");
    }

    @Test
    void an_address_that_is_refused_keeps_nobody_else_from_hearing() {
        mailServer().answerNext("RCPT TO:<" + Surroundings.OPERATORS.get(0), "550 5.1.1 nobody here");
        EventEnvelope event = source.publish(secretEnds(14));
        await().atMost(PATIENCE).until(() -> byPlace(event).equals(List.of("FAILED SMTP_550", "SENT")));
    }

    @Test
    void a_passing_fault_of_the_mail_server_is_tried_again() {
        mailServer().answerNext("RCPT TO:<" + Surroundings.OPERATORS.get(1), "451 4.7.1 later");
        EventEnvelope event = source.publish(secretEnds(14));
        await().atMost(PATIENCE).until(() -> byPlace(event).equals(List.of("SENT", "PENDING SMTP_451")));
        TestClock.shared().advance(Duration.ofMinutes(1));
        await().atMost(PATIENCE).until(() -> byPlace(event).equals(List.of("SENT", "SENT")));
    }

    private List<String> byPlace(EventEnvelope event) {
        return rows.strings(
                "select state || coalesce(' ' || code, '') from operator_mail where event_id = ? order by place",
                event.id());
    }

    @Test
    void a_mail_that_was_leaving_when_its_process_died_is_never_sent_again() {
        UUID id = UUID.randomUUID();
        rows.execute(
                """
                insert into operator_mail (id, event_id, place, kind, subject, body, state, next_attempt_at, attempts,
                                           claim, lease_until, created_at)
                values (?, ?, 0, 'PROVIDER_OUTAGE_DETECTED', ?, 'x', 'SENDING', now(), 1, gen_random_uuid(),
                        clock_timestamp() - interval '1 second', now())
                """,
                id,
                UUID.randomUUID(),
                app);
        await().atMost(PATIENCE)
                .until(() -> rows.strings("select state || ' ' || code from operator_mail where id = ?", id)
                        .equals(List.of("AMBIGUOUS CRASHED")));
        assertThat(subjects(Surroundings.OPERATORS.get(0))).isEmpty();
    }

    @Test
    void a_start_refuses_what_is_no_address_and_goes_on_without_any() {
        assertThatThrownBy(() -> operators("ops@perennial.example", "nobody").check(new StartupEvent()))
                .hasMessageContaining("perennial.operators.mail")
                .hasMessageContaining("number 2");
        operators().check(new StartupEvent());
        assertThat(operators().places()).isEmpty();
        assertThat(operators("ops@perennial.example").at(1)).isEmpty();
    }

    private static Operators operators(String... addresses) {
        return new Operators(() -> addresses.length == 0 ? Optional.empty() : Optional.of(List.of(addresses)));
    }

    private ClientSecretExpiring secretEnds(int days) {
        return new ClientSecretExpiring(about(now), 3, days, days, now.plus(Duration.ofDays(days)));
    }

    private AppRef about(Instant at) {
        return new AppRef(
                UUID.nameUUIDFromBytes(app.getBytes(StandardCharsets.UTF_8)), app, Provider.AMAZON_SELLER, at);
    }

    private static EventEnvelope envelope(PlatformEvent event) {
        return new EventEnvelope(
                UUID.randomUUID(), EventType.of(event), "/perennial/test", event.occurredAt(), 1, null, event);
    }

    private static String day(Instant instant) {
        return DateTimeFormatter.ofPattern("d MMMM yyyy", Locale.ENGLISH)
                .withZone(ZoneOffset.UTC)
                .format(instant);
    }

    private List<String> states() {
        return rows.strings("select state from operator_mail where subject like ?", "%" + app + "%");
    }

    private List<String> subjects(String operator) {
        return mailServer().to(operator).stream()
                .map(OperatorMailsTest::subject)
                .filter(subject -> subject.contains(app))
                .toList();
    }

    private static String subject(MimeMessage mail) {
        try {
            return mail.getSubject();
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static MailServer mailServer() {
        return Surroundings.mail();
    }
}
