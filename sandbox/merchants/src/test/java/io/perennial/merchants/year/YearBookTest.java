package io.perennial.merchants.year;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perennial.merchants.Seller;
import io.perennial.merchants.Shop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A checker that never finds anything is none: each fault is planted once. */
class YearBookTest {
    private static final Instant CONSENT = Instant.parse("2026-11-22T10:00:00Z");
    private static final Instant END = CONSENT.plus(Duration.ofDays(365));
    private static final Shop SHOP = new Shop(
            "c-1", new Seller("A1", "Corner Shop 1", "owner@corner-shop-1.example", "secret", "EU", List.of()), "");

    private final YearBook book = new YearBook();
    private final List<Told> told = new ArrayList<>();
    private final List<String> inbox = new ArrayList<>();

    YearBookTest() {
        say("ConnectionAuthorized", 1, CONSENT, data -> data.put("endsAt", END.toString()));
        for (int day = 7; day <= 400; day += 7) {
            book.noteStep(CONSENT.plus(Duration.ofDays(day)));
        }
        // weekly looks of one who never renews: on days 336, 343, 350, 357, 364 and 371, then each week
        List.of(30, 23, 16, 9, 2)
                .forEach(
                        stage -> mail("EXPIRING", stage, CONSENT.plus(Duration.ofDays(366 - stage)), "stage-" + stage));
        mail("EXPIRED", 0, CONSENT.plus(Duration.ofDays(371)), "end");
        for (int week = 1; week <= 4; week++) {
            mail("OVERDUE", week, CONSENT.plus(Duration.ofDays(371 + 7 * week)), "week-" + week);
        }
    }

    @Test
    void a_year_in_which_all_was_said_once_has_no_faults() {
        close(END, CONSENT);

        assertThat(book.missing()).isEmpty();
        assertThat(book.doubled()).isEmpty();
        assertThat(book.unexpected()).isEmpty();
        assertThat(book.afterRenewal()).isEmpty();
        assertThat(book.wrongEnds()).isEmpty();
        assertThat(book.ends()).isEqualTo(1);
        assertThat(book.unexplained(0, 8)).isEmpty();
    }

    @Test
    void a_mail_that_never_went_is_missing() {
        told.removeIf(one -> one.data().path("stage").asInt() == 16);
        inbox.remove("stage-16");
        close(END, CONSENT);

        assertThat(book.missing()).containsExactly("c-1 generation 1 EXPIRING 16");
    }

    @Test
    void a_mail_left_unsure_is_explained_by_a_death_of_who_mails_and_by_nothing_else() {
        told.removeIf(one -> one.data().path("stage").asInt() == 16);
        inbox.remove("stage-16");
        say("ReminderAmbiguous", 1, CONSENT.plus(Duration.ofDays(350)), data -> data.put("kind", "EXPIRING")
                .put("stage", 16));
        say("ReminderAmbiguous", 1, CONSENT.plus(Duration.ofDays(357)), data -> data.put("kind", "EXPIRING")
                .put("stage", 9));
        close(END, CONSENT);

        assertThat(book.missing()).isEmpty();
        assertThat(book.ambiguous()).isEqualTo(2);
        assertThat(book.unexplained(1, 2)).isEmpty();
        assertThat(book.unexplained(2, 1)).isEmpty();
        assertThat(book.unexplained(1, 1)).containsExactly("2 mails are unsure, but 1 deaths explain at most 1");
        assertThat(book.unexplained(0, 8)).hasSize(1);
    }

    @Test
    void a_mail_that_was_told_but_did_not_arrive_is_missing() {
        inbox.remove("week-2");
        close(END, CONSENT);

        assertThat(book.missing()).hasSize(1);
    }

    @Test
    void a_mail_twice_is_doubled_whoever_shows_it() {
        mail("EXPIRED", 0, CONSENT.plus(Duration.ofDays(372)), "end");
        inbox.add("nobody-told-of-this");
        close(END, CONSENT);

        assertThat(book.doubled())
                .hasSize(3)
                .contains("end", "c-1 generation 1 EXPIRED 0")
                .anyMatch(fault -> fault.contains("in the inbox"));
    }

    @Test
    void a_mail_without_a_reason_is_unexpected() {
        mail("OVERDUE", 7, CONSENT.plus(Duration.ofDays(399)), "week-7");
        close(END, CONSENT);

        assertThat(book.unexpected()).containsExactly("c-1 generation 1 OVERDUE 7");
    }

    @Test
    void after_a_revocation_a_mail_a_week_is_expected_once_it_was_told() {
        told.removeIf(one -> !one.type().equals("ConnectionAuthorized"));
        inbox.clear();
        Instant found = CONSENT.plus(Duration.ofDays(70)).plusSeconds(30);
        say("TokenRevoked", 1, found, data -> {});
        mail("REVOKED", 0, found.plus(Duration.ofDays(16)), "revoked");
        // the weekly looks are half a minute early, so each sees the week before; the first passed before he heard of
        // it
        for (int week = 2; week <= 8; week++) {
            if (week != 3) {
                mail("OVERDUE", week, CONSENT.plus(Duration.ofDays(77 + 7 * week)), "late-" + week);
            }
        }
        mail("OVERDUE", 9, CONSENT.plus(Duration.ofDays(140)), "late-9");
        close(END, CONSENT);

        assertThat(book.missing()).containsExactly("c-1 generation 1 OVERDUE 3");
        assertThat(book.unexpected()).containsExactly("c-1 generation 1 OVERDUE 9");
    }

    @Test
    void a_reminder_after_the_renewal_is_seen() {
        Instant renewal = CONSENT.plus(Duration.ofDays(380));
        say(
                "TokenRenewed",
                2,
                renewal,
                data -> data.put("endsAt", renewal.plus(Duration.ofDays(365)).toString()));
        close(renewal.plus(Duration.ofDays(365)), renewal);

        assertThat(book.afterRenewal())
                .contains("c-1 generation 1 OVERDUE 2")
                .doesNotContain("c-1 generation 1 OVERDUE 1");
    }

    @Test
    void an_end_that_is_a_second_early_is_wrong() {
        close(END.plusSeconds(1), CONSENT.plusSeconds(1));

        assertThat(book.wrongEnds()).hasSize(1);
    }

    private void close(Instant end, Instant exchange) {
        book.note(told);
        book.close(List.of(SHOP), new Facts(inbox, Map.of("A1", end), Map.of("A1", exchange)));
    }

    private void mail(String kind, int stage, Instant at, String messageId) {
        say("ReminderSent", 1, at, data -> data.put("kind", kind).put("stage", stage));
        inbox.add(messageId);
    }

    private void say(String type, int generation, Instant at, java.util.function.Consumer<ObjectNode> more) {
        ObjectNode data = JsonNodeFactory.instance
                .objectNode()
                .put("generation", generation)
                .put("occurredAt", at.toString());
        more.accept(data);
        told.add(new Told("topic", UUID.randomUUID().toString(), type, SHOP.id(), data));
    }
}
