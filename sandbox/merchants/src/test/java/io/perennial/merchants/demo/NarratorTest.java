package io.perennial.merchants.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perennial.launcher.cli.WrongCall;
import io.perennial.merchants.Seller;
import io.perennial.merchants.Shop;
import io.perennial.merchants.year.Act;
import io.perennial.merchants.year.Step;
import io.perennial.merchants.year.Told;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NarratorTest {
    private static final Instant NOW = Instant.parse("2027-10-24T10:00:00Z");

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final List<Shop> shops =
            IntStream.rangeClosed(1, 8).mapToObj(NarratorTest::shop).toList();
    private final Narrator narrator =
            new Narrator(shops, false, new PrintStream(printed, true, StandardCharsets.UTF_8));

    @Test
    void quiet_weeks_are_one_line_and_the_first_loud_one_ends_them() {
        narrator.passed(step(1, List.of(fetched(1, "DAILY", 20)), List.of()));
        narrator.passed(step(2, List.of(fetched(1, "DAILY", 22)), List.of()));
        narrator.passed(step(3, List.of(told(2, "ReminderSent", "'kind':'EXPIRING','stage':30")), List.of()));

        assertThat(lines())
                .containsExactly(
                        "Weeks 1 to 2 of 58: nobody has to be told anything; 42 orders fetched",
                        "Week 3 of 58, 24 October 2027: 0 orders fetched",
                        "  reminded by mail, 30 days before the end: Shop 2");
    }

    @Test
    void what_merchants_did_is_told_in_words_with_how_early_or_late() {
        narrator.passed(step(
                50,
                List.of(
                        told(1, "TokenRenewed", "'previousEndsAt':'2027-11-16T12:00:00Z'"),
                        told(2, "TokenRenewed", "'previousEndsAt':'2027-10-20T09:00:00Z'"),
                        told(3, "TokenRevoked", ""),
                        told(3, "TokenRenewed", "'previousEndsAt':'2027-11-16T12:00:00Z'"),
                        fetched(2, "RENEWAL_GAP", 17)),
                List.of(
                        new Act(
                                shops.get(3),
                                Act.Kind.CAME_AS_ANOTHER,
                                shops.get(4).seller()),
                        new Act(shops.get(5), Act.Kind.TURNED_BACK, null),
                        new Act(shops.get(6), Act.Kind.REVOKED, null),
                        new Act(shops.get(0), Act.Kind.RENEWED, null))));

        assertThat(lines())
                .contains(
                        "Week 50 of 58, 24 October 2027: 17 orders fetched",
                        "  signed in with a wrong account and was refused: Shop 4 (as Shop 5)",
                        "  turned back on Amazon's page: Shop 6",
                        "  took the authorization back at Amazon: Shop 7",
                        "  renewed: Shop 1 (23 days early), Shop 2 (4 days late), Shop 3 (after taking it back)",
                        "  orders caught up: Shop 2 (17)");
    }

    @Test
    void of_many_some_are_named() {
        narrator.passed(step(
                48,
                IntStream.rangeClosed(1, 8)
                        .mapToObj(number -> told(number, "ReminderSent", "'kind':'OVERDUE','stage':1"))
                        .toList(),
                List.of()));

        assertThat(lines())
                .contains("  reminded by mail, a week after the end: Shop 1, Shop 2, Shop 3, Shop 4 and 4 more");
    }

    @Test
    void the_seed_and_whether_to_keep_are_understood() {
        assertThat(Demo.Options.of(List.of("--keep", "--seed=7"))).isEqualTo(new Demo.Options(7, true));
        assertThat(Demo.Options.of(List.of()).keep()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--seed=much", "--seed=", "now", "--merchants=3"})
    void other_words_are_refused_in_one_line(String word) {
        assertThatThrownBy(() -> Demo.Options.of(List.of(word)))
                .isInstanceOf(WrongCall.class)
                .hasMessageContaining("./perennial help")
                .hasMessageNotContaining("\n");
    }

    private List<String> lines() {
        return printed.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
    }

    private static Step step(int number, List<Told> news, List<Act> acts) {
        return new Step(Duration.ofDays(7L * number), NOW, news, acts);
    }

    private static Told fetched(int shop, String reason, int orders) {
        return told(shop, "FetchCompleted", "'reason':'" + reason + "','ordersNew':" + orders);
    }

    private static Told told(int shop, String type, String data) {
        String more = data.isEmpty() ? "" : "," + data;
        try {
            return new Told(
                    "topic",
                    type + shop,
                    type,
                    "c-" + shop,
                    new ObjectMapper().readTree(("{'occurredAt':'" + NOW + "'" + more + "}").replace('\'', '"')));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static Shop shop(int number) {
        Seller seller =
                new Seller("A" + number, "Shop " + number, "owner@shop-" + number + ".example", "", "EU", List.of());
        return new Shop("c-" + number, seller, "");
    }
}
