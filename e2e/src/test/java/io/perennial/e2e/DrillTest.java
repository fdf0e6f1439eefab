package io.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.EventType;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.contracts.TokenExpiring;
import io.perennial.contracts.Topics;
import io.perennial.launcher.replay.Replay;
import io.perennial.launcher.stack.Part;
import io.perennial.launcher.stack.Progress;
import io.perennial.merchants.Seller;
import io.perennial.merchants.year.Backlog;
import io.perennial.testsupport.Events;
import io.perennial.testsupport.ReceivedEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each service dies in the middle of a life, once by kill -9 and once by SIGTERM: the life ends the same, nothing is lost
 * or doubled, and no good record becomes a dead letter. How long a service took from its restart to its first effect is
 * printed; it is a fact for the reader, not an assertion: a sound build does not fail because a machine is busy.
 */
@Order(3)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DrillTest {
    private static final Duration TO_FIRST_STAGE = Duration.ofDays(336);
    private static final Duration TO_THE_END = Duration.ofDays(30);
    /** Pages and reports of a year of orders want some hours of quota. */
    private static final Duration QUOTA = Duration.ofMinutes(30);

    private static final StringBuilder FACTS = new StringBuilder();

    private static House house;

    @BeforeAll
    static void open_the_house() {
        house = House.shared();
        house.stack().awaitClassData(Progress.SILENT);
        house.stack().takeClassData();
        house.stack().awaitClassData(Progress.SILENT);
    }

    @AfterAll
    static void tell_the_facts() {
        System.out.println("From restart to first effect:\n" + FACTS);
    }

    @Order(1)
    @ParameterizedTest(name = "kill -9: {0}")
    @ValueSource(booleans = {false, true})
    void life_ends_the_same_when_every_service_dies_in_it_once(boolean hard) {
        Seller seller = Seller.of(house.sandbox(), hard ? "NA" : "FE", 0);
        String mailbox = "owner@drill-" + hard + ".example";
        String id = Connections.create(house, "drills", "drill-" + hard, seller, mailbox);
        giveManyOrders(seller);
        try (Events events = house.events(Topics.CONNECTIONS, Topics.FETCHES, Topics.EXPIRY);
                Merchant merchant = new Merchant()) {
            merchant.open(Connections.link(house, id)).signIn(seller);
            die("auth-service", hard, () -> {
                merchant.confirm();
                events.await("ConnectionAuthorized", id, 1);
            });
            events.await("FetchProgressed", id, 1);
            die("fetch-orchestrator", hard, () -> {
                int seen = events.received().size();
                events.await(
                        "the fetch goes on",
                        event -> events.received().indexOf(event) >= seen
                                && event.connectionId().equals(id)
                                && event.topic().equals(Topics.FETCHES));
            });
            ReceivedEvent completed = events.await("FetchCompleted", id, 1);
            assertThatOrdersAreThoseOfTheProvider(seller, completed);

            die("token-monitor", hard, () -> house.advance(TO_FIRST_STAGE), () -> events.await("TokenExpiring", id, 1));
            die("notifier", hard, () -> await("a mail to " + mailbox)
                    .atMost(150, TimeUnit.SECONDS)
                    .pollInterval(100, TimeUnit.MILLISECONDS)
                    .until(() -> !house.mailsTo(mailbox).isEmpty() || ambiguous(id)));
            die("auth-service", hard, () -> house.advance(TO_THE_END), () -> events.await("TokenExpired", id, 1));
            die(
                    "fetch-orchestrator",
                    hard,
                    () -> Connections.renew(house, id, seller),
                    () -> events.await("the gap is planned", event -> isOfTheGap(event, id)));
            assertThatNothingIsMissed(seller, events.await("TokenExpired", id, 1), closedGap(events, id));
            ConsoleAgent agent = ConsoleAgent.signedIn(house);
            String renamed = "Renamed meanwhile";
            die("console", hard, () -> rename(id, renamed), () -> await("the console shows the new name")
                    .atMost(60, TimeUnit.SECONDS)
                    .pollInterval(100, TimeUnit.MILLISECONDS)
                    .untilAsserted(() -> assertThat(agent.connection(id)).contains(renamed)));
        }
        Backlog.awaitHandled(house.stack());
        assertThat(house.mailsTo(mailbox))
                .extracting(mail -> mail.get("subject").asText())
                .hasSizeBetween(2, 3)
                .doesNotHaveDuplicates();
        assertThat(house.connection(id).get("state").asText()).isEqualTo("ACTIVE");
        assertThat(house.connection(id).get("generation").asInt()).isEqualTo(2);
        assertThat(DeadLetters.in(house)).isEmpty();
    }

    @Test
    @Order(2)
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

        Seller seller = Seller.of(house.sandbox(), "EU", 4);
        String id = Connections.authorize(house, "drills", "after-poison", seller, "owner@poison.example");
        try (Events events = house.events("perennial.fetches.v1")) {
            events.await("FetchCompleted", id, 1);
        }
        assertThat(DeadLetters.in(house)).hasSize((int) (before + consumers));
    }

    @Test
    @Order(3)
    void a_replay_reaches_the_consumer_that_put_the_letter_aside_and_nobody_else() {
        Map<String, Object> broker = Map.of("bootstrap.servers", house.stack().bootstrapServers());
        Replay replay = Replay.of("notifier", List.of());
        int poison = replay.waiting(broker).size();
        assertThat(poison).isPositive();
        int before = DeadLetters.in(house).size();

        assertThat(replay.run(broker)).isEqualTo(poison);
        String again = Topics.deadLetters(Topics.replay("notifier"), "notifier");
        await("poison is put aside again")
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> DeadLetters.in(house).size() == before + poison);
        assertThat(DeadLetters.in(house))
                .as("others, who would put it aside too, do not hear of it")
                .filteredOn(letter -> letter.topic().equals(again))
                .hasSize(poison);

        String mailbox = "owner@replay.example";
        String id = Connections.authorize(house, "drills", "replay", Seller.of(house.sandbox(), "NA", 1), mailbox);
        try (Events events = house.events(Topics.CONNECTIONS, Topics.EXPIRY, Topics.FETCHES, Topics.REMINDERS)) {
            Instant endsAt = Instant.parse(events.await("ConnectionAuthorized", id, 1)
                    .data()
                    .get("endsAt")
                    .asText());
            events.await("FetchCompleted", id, 1);
            Planted.letter(house, "notifier", new TokenExpiring(about(id), 9, 9, endsAt));
            assertThat(Replay.of("notifier", List.of(Topics.EXPIRY)).run(broker))
                    .isEqualTo(1);
            house.awaitMails(mailbox, 1);
            events.await("ReminderSent", id);
            assertThat(Replay.of("notifier", List.of(Topics.EXPIRY)).waiting(broker))
                    .isEmpty();
            assertThat(events.upToNow())
                    .as("on %s it was never said", Topics.EXPIRY)
                    .noneMatch(event -> event.type().equals("TokenExpiring")
                            && event.connectionId().equals(id));
        }
    }

    private static ConnectionRef about(String id) {
        return new ConnectionRef(
                "drills", UUID.fromString(id), "replay", Provider.AMAZON_SELLER, Region.NA, 1, house.now());
    }

    private static void die(String service, boolean hard, Runnable firstEffect) {
        die(service, hard, () -> {}, firstEffect);
    }

    /** Ends a service, lets something happen while it is away, starts it again and waits for what it then does first. */
    private static void die(String service, boolean hard, Runnable meanwhile, Runnable firstEffect) {
        Part part = house.stack().part(service);
        if (hard) {
            part.kill();
        } else {
            part.stop();
        }
        meanwhile.run();
        Instant restart = Instant.now();
        part.start();
        firstEffect.run();
        FACTS.append("  %s %s: %d ms%n"
                .formatted(
                        service,
                        hard ? "kill -9" : "SIGTERM",
                        Duration.between(restart, Instant.now()).toMillis()));
    }

    private static void rename(String id, String label) {
        assertThat(house.auth("operator")
                        .call("PATCH", "/api/connections/" + id, "{\"label\":\"" + label + "\"}")
                        .status())
                .isEqualTo(200);
    }

    /** A dozen pages, so that the fetcher dies between two of them. */
    private static void giveManyOrders(Seller seller) {
        Instant now = house.now();
        Orders.give(house, seller, 1000, now.minus(Duration.ofDays(20)), now.minus(Duration.ofDays(2)));
    }

    private static void assertThatOrdersAreThoseOfTheProvider(Seller seller, ReceivedEvent completed) {
        try (Events orders = house.events(Topics.ORDERS)) {
            assertThat(Orders.published(orders, completed))
                    .hasSize(completed.data().get("ordersNew").asInt())
                    .containsAll(Orders.truth(
                            house,
                            seller,
                            Instant.parse(completed.data().get("from").asText()),
                            Instant.parse(completed.data().get("to").asText())));
        }
    }

    private static boolean isOfTheGap(ReceivedEvent event, String id) {
        return event.topic().equals(Topics.FETCHES)
                && event.connectionId().equals(id)
                && event.data().path("reason").asText().equals("RENEWAL_GAP");
    }

    private static ReceivedEvent closedGap(Events events, String id) {
        Predicate<ReceivedEvent> closed = event -> event.type().equals("FetchCompleted") && isOfTheGap(event, id);
        await("the gap is closed").atMost(90, TimeUnit.SECONDS).until(() -> {
            house.advance(QUOTA);
            return events.upToNow().stream().anyMatch(closed);
        });
        return events.await("the gap is closed", closed);
    }

    private static void assertThatNothingIsMissed(Seller seller, ReceivedEvent expired, ReceivedEvent completed) {
        try (Events orders = house.events(Topics.ORDERS)) {
            assertThat(Orders.published(orders, completed))
                    .containsAll(Orders.truth(
                            house,
                            seller,
                            Instant.parse(expired.data().get("occurredAt").asText()),
                            Instant.parse(completed.data().get("to").asText())));
        }
    }

    private static boolean ambiguous(String id) {
        return house.notifier("viewer")
                .get("/api/reminders?connection=" + id)
                .toString()
                .contains("AMBIGUOUS");
    }
}
