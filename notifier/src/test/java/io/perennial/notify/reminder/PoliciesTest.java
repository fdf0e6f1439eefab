package io.perennial.notify.reminder;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.ReminderKind;
import io.perennial.notify.email.MailPauses;
import io.perennial.notify.links.Contact;
import io.perennial.notify.links.ReminderLink;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PoliciesTest {
    private static final Instant NOW = Instant.parse("2027-03-01T09:00:00Z");
    private static final String SEND = "send";

    /** Every kind in every state: a new one fails here until it is decided. */
    private static final String TABLE =
            """
                        PENDING     ACTIVE      SUSPECT     OVERDUE     EXPIRED     REVOKED     DISCONNECTED
            EXPIRING    send        send        send        send        OVERTAKEN   OVERTAKEN   send
            EXPIRED     send        WORKS_AGAIN send        WORKS_AGAIN send        send        send
            OVERDUE     send        WORKS_AGAIN send        send        send        send        send
            REVOKED     send        WORKS_AGAIN send        WORKS_AGAIN send        send        send
            RECONNECTED send        send        send        send        OVERTAKEN   OVERTAKEN   send
            CONSENT_FAILED send     send        send        send        send        send        send
            LINK        send        send        send        send        send        send        send
            CAMPAIGN    send        send        send        send        send        send        send
            """;

    record Row(ReminderKind kind, ConnectionStatus state, String decision) {}

    static Stream<Row> table() {
        List<String> lines = TABLE.lines().toList();
        String[] states = lines.get(0).trim().split("\\s+");
        return lines.stream().skip(1).map(line -> line.trim().split("\\s+")).flatMap(cells -> Stream.iterate(
                        1, i -> i < cells.length, i -> i + 1)
                .map(i -> new Row(ReminderKind.valueOf(cells[0]), ConnectionStatus.valueOf(states[i - 1]), cells[i])));
    }

    @Test
    void the_table_knows_every_kind_and_state() {
        assertThat(table()).hasSize(ReminderKind.values().length * ConnectionStatus.values().length);
    }

    @ParameterizedTest
    @MethodSource("table")
    void a_mail_leaves_only_while_it_is_true(Row row) {
        ReminderLink link = link(true, row.state(), NOW.plusSeconds(1), List.of(contact(1)));
        String decision = SendPolicy.objection(row.kind(), NOW, null, link, NOW)
                .map(Enum::name)
                .orElse(SEND);

        assertThat(decision).isEqualTo(row.decision());
    }

    @ParameterizedTest
    @EnumSource(ReminderKind.class)
    void what_is_not_current_never_leaves(ReminderKind kind) {
        List<Contact> contacts = List.of(contact(1));
        assertThat(SendPolicy.objection(kind, NOW, null, null, NOW)).contains(Suppression.UNKNOWN_CONNECTION);
        assertThat(SendPolicy.objection(kind, NOW, null, link(false, ConnectionStatus.ACTIVE, NOW, contacts), NOW))
                .contains(Suppression.RENEWED);
        assertThat(SendPolicy.objection(
                        kind, NOW, null, link(false, ConnectionStatus.DISCONNECTED, NOW, contacts), NOW))
                .contains(Suppression.DISCONNECTED);
        assertThat(SendPolicy.objection(kind, NOW, null, link(true, null, NOW.plusSeconds(1), List.of()), NOW))
                .contains(Suppression.NO_CONTACT);
    }

    @Test
    void a_reminder_of_an_end_that_is_past_is_overtaken() {
        ReminderLink link = link(true, ConnectionStatus.ACTIVE, NOW, List.of(contact(1)));
        assertThat(SendPolicy.objection(ReminderKind.EXPIRING, NOW, null, link, NOW))
                .contains(Suppression.OVERTAKEN);
    }

    @ParameterizedTest
    @CsvSource({"EXPIRING, 604800, OVERTAKEN", "EXPIRING, 604799,", "EXPIRED, 604800,", "LINK, 604800,"})
    void a_reminder_of_an_end_that_moved_on_gives_way_to_the_new_plan(
            ReminderKind kind, long seconds, Suppression expected) {
        Instant told = NOW.plus(Duration.ofDays(2));
        ReminderLink link = link(true, ConnectionStatus.SUSPECT, told.plusSeconds(seconds), List.of(contact(1)));
        assertThat(SendPolicy.objection(kind, NOW, told, link, NOW)).isEqualTo(Optional.ofNullable(expected));
        ReminderLink endless = link(true, ConnectionStatus.SUSPECT, null, List.of(contact(1)));
        assertThat(SendPolicy.objection(kind, NOW, told, endless, NOW)).isEmpty();
    }

    @Test
    void weeks_after_the_end_are_told_of_a_grant_that_was_not_probed_since() {
        ReminderLink link = link(true, ConnectionStatus.ACTIVE, NOW, List.of(contact(1)));
        assertThat(SendPolicy.objection(ReminderKind.OVERDUE, NOW, null, link, NOW))
                .isEmpty();
        ReminderLink endless = link(true, ConnectionStatus.ACTIVE, null, List.of(contact(1)));
        assertThat(SendPolicy.objection(ReminderKind.OVERDUE, NOW, null, endless, NOW))
                .contains(Suppression.WORKS_AGAIN);
    }

    @ParameterizedTest
    @EnumSource(ReminderKind.class)
    void what_was_open_when_its_owner_said_that_he_had_renewed_is_dropped_and_what_comes_later_is_not(
            ReminderKind kind) {
        boolean ofTheCalendar = List.of(ReminderKind.EXPIRING, ReminderKind.EXPIRED, ReminderKind.OVERDUE)
                .contains(kind);
        ReminderLink said =
                link(true, ConnectionStatus.SUSPECT, NOW.plusSeconds(9), List.of(contact(1)), NOW.minusSeconds(60));

        assertThat(SendPolicy.objection(kind, NOW.minusSeconds(60), null, said, NOW))
                .isEqualTo(ofTheCalendar ? Optional.of(Suppression.SAID_RENEWED) : Optional.empty());
        assertThat(SendPolicy.objection(kind, NOW.minusSeconds(59), null, said, NOW))
                .isEmpty();
    }

    @Test
    void contacts_are_written_to_in_their_order() {
        Contact first = contact(1);
        ReminderLink link = link(true, ConnectionStatus.ACTIVE, NOW, List.of(contact(2), first, contact(3)));
        assertThat(link.contactsInOrder()).extracting(Contact::order).containsExactly(1, 2, 3);
    }

    /** Every kind with a stage on each side of each border: waits for the morning, shares a mail, escalates to whom. */
    @ParameterizedTest
    @CsvSource({
        "EXPIRING, 30, waits, shared, nobody",
        "EXPIRING, 10, waits, shared, nobody",
        "EXPIRING, 9, waits, shared, second",
        "EXPIRING, 3, waits, shared, second",
        "EXPIRING, 2, at once, shared, second and operators",
        "EXPIRING, 1, at once, shared, second and operators",
        "EXPIRED, 0, at once, shared, second and operators",
        "OVERDUE, 1, waits, shared, second and operators",
        "REVOKED, 0, at once, alone, second and operators",
        "RECONNECTED, 0, at once, alone, nobody",
        "CONSENT_FAILED, 0, at once, alone, nobody",
        "LINK, 1, at once, alone, nobody",
        "CAMPAIGN, 1, at once, alone, nobody"
    })
    void kind_and_stage_decide_when_and_with_whom(
            ReminderKind kind, int stage, String when, String company, String escalation) {
        assertThat(SendTimes.waits(kind, stage)).isEqualTo(when.equals("waits"));
        assertThat(SendTimes.isCollected(kind)).isEqualTo(company.equals("shared"));
        assertThat(Escalation.toSecondContact(kind, stage)).isEqualTo(escalation.startsWith("second"));
        assertThat(Escalation.toOperators(kind, stage)).isEqualTo(escalation.endsWith("operators"));
    }

    @Test
    void neither_contact_nor_link_prints_what_is_secret() {
        ReminderLink link = link(true, ConnectionStatus.ACTIVE, NOW, List.of(contact(1)));
        assertThat(link + " " + link.contactsInOrder()).doesNotContain("@").doesNotContain("connect/");
    }

    @Test
    void pauses_grow() {
        assertThat(Stream.iterate(0, n -> n + 1).limit(8).map(LinkPauses::after))
                .isSorted()
                .startsWith(Duration.ofSeconds(1), Duration.ofSeconds(2))
                .endsWith(Duration.ofMinutes(1), Duration.ofMinutes(1));
        assertThat(LinkPauses.after(1_000_000)).isEqualTo(Duration.ofMinutes(1));
        assertThat(Stream.iterate(0, n -> n + 1).limit(9).map(n -> MailPauses.after(n, NOW, NOW)
                        .orElseThrow()))
                .isSorted()
                .startsWith(Duration.ofMinutes(1))
                .endsWith(Duration.ofHours(4));
    }

    @Test
    void the_mail_server_gets_two_days() {
        Instant last = NOW.plus(Duration.ofHours(48));
        assertThat(MailPauses.after(9, NOW, last.minusMillis(1))).isPresent();
        assertThat(MailPauses.after(9, NOW, last)).isEmpty();
        assertThat(MailPauses.after(0, null, last)).isPresent();
    }

    @Test
    void only_kinds_with_stages_show_one() {
        Map<ReminderKind, Integer> shown = new EnumMap<>(ReminderKind.class);
        Arrays.stream(ReminderKind.values()).forEach(kind -> shown.put(kind, ReminderStages.published(kind, 7)));
        assertThat(shown)
                .containsEntry(ReminderKind.EXPIRING, 7)
                .containsEntry(ReminderKind.OVERDUE, 7)
                .containsEntry(ReminderKind.LINK, null)
                .containsEntry(ReminderKind.CONSENT_FAILED, null)
                .containsEntry(ReminderKind.EXPIRED, null)
                .containsEntry(ReminderKind.REVOKED, null)
                .containsEntry(ReminderKind.RECONNECTED, null);
    }

    private static Contact contact(int order) {
        return new Contact(UUID.randomUUID(), "Maria", "maria@merchant.example", "de", order);
    }

    private static ReminderLink link(boolean current, ConnectionStatus state, Instant endsAt, List<Contact> contacts) {
        return link(current, state, endsAt, contacts, null);
    }

    private static ReminderLink link(
            boolean current, ConnectionStatus state, Instant endsAt, List<Contact> contacts, Instant saidRenewedAt) {
        return new ReminderLink(
                UUID.randomUUID(),
                1,
                current,
                state,
                "https://connect.example/connect/x",
                "R",
                "L",
                "e",
                endsAt,
                null,
                null,
                null,
                null,
                null,
                null,
                contacts,
                null,
                false,
                null,
                saidRenewedAt);
    }
}
