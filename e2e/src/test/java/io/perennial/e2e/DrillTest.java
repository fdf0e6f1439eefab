package io.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perennial.contracts.EventType;
import io.perennial.contracts.Topics;
import io.perennial.launcher.stack.Part;
import io.perennial.testsupport.Events;
import io.perennial.testsupport.ReceivedEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each service dies in the middle of a life, once by kill -9 and once by SIGTERM: the life ends the same, nothing is lost
 * or doubled, and no good record becomes a dead letter. How long a service took from its restart to its first effect is
 * printed; it is a fact for the reader, not an assertion.
 */
@Order(3)
class DrillTest {
    private static final Duration TO_FIRST_STAGE = Duration.ofDays(336);
    private static final StringBuilder FACTS = new StringBuilder();
    private static int run;

    private static House house;

    @BeforeAll
    static void open_the_house() {
        house = House.shared();
    }

    @AfterAll
    static void tell_the_facts() {
        System.out.println("From restart to first effect:\n" + FACTS);
    }

    static Stream<Arguments> deaths() {
        return Stream.of("auth-service", "token-monitor", "fetch-orchestrator", "notifier")
                .flatMap(service -> Stream.of(Arguments.of(service, true), Arguments.of(service, false)));
    }

    @ParameterizedTest(name = "{0} killed hard: {1}")
    @MethodSource("deaths")
    void life_ends_the_same_when_a_service_dies_in_it(String service, boolean hard) {
        int number = run++;
        Seller seller = Seller.of(house, number % 2 == 0 ? "NA" : "FE", number / 2);
        String mailbox = "owner@drill-" + number + ".example";
        String id = Connections.create(house, "drills", "drill-" + number, seller, mailbox);
        String link = Connections.link(house, id);
        Part part = house.stack().part(service);
        try (Events events = house.events("perennial.connections.v1", "perennial.fetches.v1", "perennial.expiry.v1")) {
            try (Merchant merchant = new Merchant()) {
                merchant.open(link).signIn(seller);
                boolean duringConsent = service.equals("auth-service");
                if (!duringConsent) {
                    merchant.confirm().connected();
                }
                end(part, hard);
                if (!duringConsent) {
                    house.advance(TO_FIRST_STAGE);
                }
                Instant restart = Instant.now();
                part.start();
                if (duringConsent) {
                    merchant.confirm();
                }
                firstEffect(service, id, mailbox, events);
                FACTS.append("  %s %s: %d ms%n"
                        .formatted(
                                service,
                                hard ? "kill -9" : "SIGTERM",
                                Duration.between(restart, Instant.now()).toMillis()));
                if (duringConsent) {
                    merchant.connected();
                    house.advance(TO_FIRST_STAGE);
                }
            }
            ReceivedEvent completed = events.await("FetchCompleted", id, 1);
            events.await("TokenExpiring", id, 1);
            await("one mail to " + mailbox)
                    .atMost(30, TimeUnit.SECONDS)
                    .until(() -> house.mailsTo(mailbox).size() == 1 || ambiguous(id));
            Backlog.awaitHandled(house);
            try (Events orders = house.events("perennial.orders.v1")) {
                String fetch = completed.data().get("fetchId").asText();
                assertThat(Orders.published(orders, fetch))
                        .containsAll(Orders.truth(
                                house,
                                seller,
                                Instant.parse(completed.data().get("from").asText()),
                                Instant.parse(completed.data().get("to").asText())));
            }
            assertThat(house.mailsTo(mailbox)).hasSizeLessThanOrEqualTo(1);
        }
        assertThat(DeadLetters.in(house)).isEmpty();
    }

    @Test
    void console_is_back_after_both_deaths() {
        Part console = house.stack().part("console");
        for (boolean hard : new boolean[] {true, false}) {
            end(console, hard);
            console.start();
            assertThat(console.ready()).isTrue();
        }
        Backlog.awaitHandled(house);
    }

    @Test
    @org.junit.jupiter.api.Order(Integer.MAX_VALUE)
    void poison_goes_to_the_dead_letters_and_the_partition_goes_on() {
        long before = DeadLetters.in(house).size();
        List<String> topics = List.of(Topics.CONNECTIONS, Topics.EXPIRY, Topics.FETCHES);
        topics.forEach(topic -> Planted.poison(house, topic, EventType.TOKEN_EXPIRING));
        long consumers = Topics.all().stream()
                .filter(spec -> topics.stream().anyMatch(topic -> spec.name().startsWith(topic + ".")))
                .count();
        await("each consumer's dead letter")
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> DeadLetters.in(house).size() == before + consumers);
        assertThat(DeadLetters.in(house))
                .allSatisfy(letter -> assertThat(letter.headers().toString()).doesNotContain("\"not\""));

        Seller seller = Seller.of(house, "EU", 4);
        String id = Connections.authorize(house, "drills", "after-poison", seller, "owner@poison.example");
        try (Events events = house.events("perennial.fetches.v1")) {
            events.await("FetchCompleted", id, 1);
        }
        assertThat(DeadLetters.in(house)).hasSize((int) (before + consumers));
    }

    private static void end(Part part, boolean hard) {
        if (hard) {
            part.kill();
        } else {
            part.stop();
        }
    }

    private static void firstEffect(String service, String id, String mailbox, Events events) {
        switch (service) {
            case "token-monitor":
                events.await("TokenExpiring", id, 1);
                break;
            case "fetch-orchestrator":
                events.await("FetchStarted", id, 1);
                break;
            case "notifier":
                await().atMost(30, TimeUnit.SECONDS)
                        .pollInterval(100, TimeUnit.MILLISECONDS)
                        .until(() -> !house.mailsTo(mailbox).isEmpty() || ambiguous(id));
                break;
            default:
                events.await("ConnectionAuthorized", id, 1);
        }
    }

    private static boolean ambiguous(String id) {
        return house.notifier("viewer")
                .get("/api/reminders?connection=" + id)
                .toString()
                .contains("AMBIGUOUS");
    }
}
