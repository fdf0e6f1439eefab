package io.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.perennial.merchants.Api;
import io.perennial.merchants.Seller;
import io.perennial.testsupport.Events;
import io.perennial.testsupport.ReceivedEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The whole life of one authorization, from the operator's first click to the orders caught up after a late renewal. */
@Order(1)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class JourneyTest {
    private static final String MAILBOX = "owner@journey.example";
    private static final String INTEGRATOR = "Listings at Large";
    private static final Duration YEAR = Duration.ofDays(365);

    private static House house;
    private static Seller seller;
    private static Seller stranger;
    private static Events events;
    private static Events orders;
    private static ListingSync listingSync;
    private static String connection;
    private static String link;
    private static Instant authorizedAt;
    private static Instant endsAt;
    private static Instant expiredAt;

    @BeforeAll
    static void open_the_house() {
        house = House.shared();
        seller = Seller.of(house.sandbox(), "EU", 0);
        stranger = Seller.of(house.sandbox(), "EU", 1);
        events = house.events(
                "perennial.connections.v1",
                "perennial.expiry.v1",
                "perennial.fetches.v1",
                "perennial.reminders.v1",
                "perennial.connection-state.v1");
        orders = house.events("perennial.orders.v1");
        listingSync = ListingSync.listeningTo(house);
    }

    @AfterAll
    static void stop_the_example() {
        listingSync.close();
        // for the drills, while others walk
        house.stack().takeClassData();
    }

    @Test
    @Order(10)
    void operator_creates_a_connection_and_gets_a_link() {
        assertThat(house.auth("admin")
                        .call("PUT", "/api/tenants/acme", "{\"name\":\"acme\",\"integrator\":\"" + INTEGRATOR + "\"}")
                        .status())
                .isEqualTo(200);
        JsonNode created = house.auth("operator", "acme")
                .post(
                        "/api/connections",
                        """
                        {"tenantId":"acme","externalId":"shop-17","provider":"AMAZON_SELLER","region":"EU",
                         "label":"Shop 17","marketplaces":["%s"],"expectedAccountId":"%s",
                         "contacts":[{"name":"Ada Owner","email":"%s","locale":"en","order":1}]}
                        """
                                .formatted(seller.marketplaces().get(0), seller.id(), MAILBOX));
        connection = created.get("id").asText();
        assertThat(created.get("state").asText()).isEqualTo("PENDING");
        link = house.auth("operator", "acme")
                .post("/api/consent-links", "{\"connections\":[\"" + connection + "\"]}")
                .get("url")
                .asText();

        ReceivedEvent event = events.await("ConnectionCreated", connection);
        Contracts.assertKept(event);
        assertThat(link).startsWith("http://localhost:").contains("/connect/");
    }

    @Test
    @Order(20)
    void merchant_is_told_what_to_do_and_consents() {
        try (Merchant merchant = new Merchant()) {
            merchant.open(link);
            assertThat(merchant.page().text())
                    .contains("acme")
                    .contains(INTEGRATOR)
                    .contains(seller.id())
                    .containsIgnoringCase("main Seller Central")
                    .containsIgnoringCase("Amazon Payments")
                    .containsIgnoringCase("primary user")
                    .containsIgnoringCase("professional")
                    .containsIgnoringCase("log out")
                    .containsIgnoringCase("private window")
                    .containsIgnoringCase("blank")
                    .containsIgnoringCase("pop-up")
                    .containsIgnoringCase("scroll down");

            merchant.signIn(seller).confirm().connected();

            assertThat(merchant.page().text()).containsIgnoringCase("close this window");
            assertThat(merchant.page().url()).doesNotContain("code").doesNotContain("state");
        }
        ReceivedEvent authorized = events.await("ConnectionAuthorized", connection, 1);
        Contracts.assertKept(authorized);
        assertThat(authorized.data().get("accountId").asText()).isEqualTo(seller.id());
        authorizedAt = Instant.parse(authorized.data().get("authorizedAt").asText());
        endsAt = Instant.parse(authorized.data().get("endsAt").asText());
        assertThat(endsAt).isEqualTo(authorizedAt.plus(YEAR));
        house.awaitState(connection, "ACTIVE");
    }

    @Test
    @Order(30)
    void first_orders_are_fetched() {
        ReceivedEvent completed = events.await("FetchCompleted", connection, 1);
        events.await("FetchStarted", connection, 1);
        Contracts.assertKept(completed);
        assertThat(completed.data().get("reason").asText()).isEqualTo("FIRST_LOAD");

        Set<String> truth = Orders.truth(house, seller, authorizedAt.minus(Duration.ofDays(30)), until(completed));
        assertThat(truth).isNotEmpty();
        Set<String> published = Orders.published(orders, completed);
        assertThat(published)
                .containsAll(truth)
                .hasSize(completed.data().get("ordersNew").asInt());
        orders.received().forEach(Contracts::assertKept);
    }

    @Test
    @Order(40)
    void reminders_go_out_at_every_stage_with_a_link_that_works() {
        int before = house.mailsTo(MAILBOX).size();
        house.advance(
                Duration.between(house.now(), endsAt.minus(Duration.ofDays(30))).plusMinutes(5));
        int mails = before;
        for (int stage : List.of(30, 23, 16, 9, 2)) {
            ReceivedEvent expiring = events.await(
                    "stage " + stage,
                    event -> event.type().equals("TokenExpiring")
                            && event.connectionId().equals(connection)
                            && event.data().get("stage").asInt() == stage);
            Contracts.assertKept(expiring);
            assertThat(Instant.parse(expiring.data().get("endsAt").asText())).isEqualTo(endsAt);
            mails++;
            JsonNode mail = house.awaitMails(MAILBOX, mails).get(mails - 1);
            assertThat(mail.get("text").asText()).contains(seller.name());
            try (Merchant merchant = new Merchant()) {
                merchant.open(Mail.link(mail));
                assertThat(merchant.page().has("#authorize")).isTrue();
                assertThat(merchant.page().text()).contains(seller.id());
            }
            house.advance(Duration.ofDays(stage == 2 ? 1 : 7));
        }
        assertThat(house.mailsTo(MAILBOX)).hasSize(mails);
    }

    @Test
    @Order(50)
    void end_is_probed_announced_and_followed_up_weekly() {
        int before = house.mailsTo(MAILBOX).size();
        house.advance(Duration.between(house.now(), endsAt).plusMinutes(10));
        ReceivedEvent expired = events.await("TokenExpired", connection, 1);
        Contracts.assertKept(expired);
        expiredAt = Instant.parse(expired.data().get("occurredAt").asText());
        house.awaitState(connection, "EXPIRED");
        assertThat(house.awaitMails(MAILBOX, before + 1)).hasSize(before + 1);

        for (int week = 1; week <= 3; week++) {
            house.advance(Duration.ofDays(7));
            int thisWeek = week;
            Contracts.assertKept(events.await(
                    "week " + week,
                    event -> event.type().equals("RenewalOverdue")
                            && event.connectionId().equals(connection)
                            && event.data().get("week").asInt() == thisWeek));
            assertThat(house.awaitMails(MAILBOX, before + 1 + week)).hasSize(before + 1 + week);
        }
    }

    @Test
    @Order(60)
    void wrong_account_is_refused_and_the_old_grant_untouched() {
        List<JsonNode> mails = house.mailsTo(MAILBOX);
        link = Mail.link(mails.get(mails.size() - 1));
        try (Merchant merchant = new Merchant()) {
            merchant.open(link).signIn(stranger).confirm();
            await("the refusal").atMost(60, TimeUnit.SECONDS).until(() -> merchant.page()
                    .has("[data-outcome=wrong-account]"));
            assertThat(merchant.page().text()).contains(seller.id()).containsIgnoringCase("private window");
        }
        ReceivedEvent rejected = events.await("WrongAccountRejected", connection);
        Contracts.assertKept(rejected);
        assertThat(rejected.data().get("offeredAccountId").asText()).isEqualTo(stranger.id());
        assertThat(house.connection(connection).get("state").asText()).isEqualTo("EXPIRED");
        assertThat(house.connection(connection).get("generation").asInt()).isEqualTo(1);
    }

    @Test
    @Order(70)
    void late_renewal_catches_up_exactly_the_missed_orders() {
        int before = house.mailsTo(MAILBOX).size();
        try (Merchant merchant = new Merchant()) {
            merchant.consent(link, seller);
        }
        ReceivedEvent renewed = events.await("TokenRenewed", connection, 2);
        Contracts.assertKept(renewed);
        Instant renewedAt = Instant.parse(renewed.data().get("authorizedAt").asText());
        assertThat(Instant.parse(renewed.data().get("endsAt").asText())).isEqualTo(renewedAt.plus(YEAR));

        ReceivedEvent completed = events.await(
                "the gap is closed",
                event -> event.type().equals("FetchCompleted")
                        && event.connectionId().equals(connection)
                        && event.data().get("reason").asText().equals("RENEWAL_GAP"));
        Set<String> published = Orders.published(orders, completed);
        Set<String> missed = Orders.truth(house, seller, expiredAt, until(completed));
        assertThat(published).containsAll(missed);
        Set<String> known = Orders.truth(
                house, seller, Instant.parse(completed.data().get("from").asText()), until(completed));
        assertThat(known).containsAll(published);

        JsonNode mail = house.awaitMails(MAILBOX, before + 1).get(before);
        assertThat(mail.get("text").asText()).contains(String.valueOf(published.size()));
        try (Merchant merchant = new Merchant()) {
            merchant.open(link);
            assertThat(merchant.page().has("#authorize")).isFalse();
            assertThat(merchant.page().text()).containsIgnoringCase("already connected");
        }
    }

    @Test
    @Order(80)
    void revocation_needs_a_second_verdict_and_the_way_back_is_the_same() {
        int before = house.mailsTo(MAILBOX).size();
        house.sandbox().call("POST", "/sandbox/sellers/" + seller.id() + "/revoke", "{}");
        house.auth("operator").post("/api/connections/" + connection + "/probe", "{}");
        assertThat(house.connection(connection).get("state").asText()).isEqualTo("SUSPECT");
        assertThat(house.mailsTo(MAILBOX)).hasSize(before);

        house.advance(Duration.ofMinutes(3));
        Contracts.assertKept(events.await("TokenRevoked", connection, 2));
        house.awaitState(connection, "REVOKED");
        List<JsonNode> mails = house.awaitMails(MAILBOX, before + 1);

        try (Merchant merchant = new Merchant()) {
            merchant.consent(Mail.link(mails.get(before)), seller);
        }
        events.await("TokenRenewed", connection, 3);
        house.awaitState(connection, "ACTIVE");
    }

    @Test
    @Order(90)
    void same_account_for_a_second_connection_is_a_duplicate() {
        String second = house.auth("operator", "acme")
                .post(
                        "/api/connections",
                        """
                        {"tenantId":"acme","externalId":"shop-18","provider":"AMAZON_SELLER","region":"EU",
                         "label":"Shop 18","marketplaces":[],
                         "contacts":[{"name":"Ada Owner","email":"second@journey.example","locale":"de","order":1}]}
                        """)
                .get("id")
                .asText();
        String secondLink = house.auth("operator", "acme")
                .post("/api/consent-links", "{\"connections\":[\"" + second + "\"]}")
                .get("url")
                .asText();
        try (Merchant merchant = new Merchant()) {
            merchant.open(secondLink).signIn(seller).confirm();
            if (merchant.page().has("#confirm-account")) {
                merchant.acceptStore();
            }
            await("the refusal").atMost(60, TimeUnit.SECONDS).until(() -> merchant.page()
                    .has("[data-outcome=duplicate]"));
        }
        ReceivedEvent rejected = events.await("DuplicateRejected", second);
        Contracts.assertKept(rejected);
        assertThat(rejected.data().get("otherConnectionId").asText()).isEqualTo(connection);
        assertThat(house.connection(second).get("state").asText()).isEqualTo("PENDING");
        assertThat(house.connection(connection).get("state").asText()).isEqualTo("ACTIVE");
    }

    @Test
    @Order(93)
    void merchant_stops_the_mails_by_one_click_and_an_operator_starts_them_again() {
        List<JsonNode> mails = house.mailsTo(MAILBOX);
        String stop = Mail.stop(mails.get(mails.size() - 1));
        Api operator = house.notifier("operator", "acme");
        String list = "/api/suppressions?connection=" + connection;
        assertThat(operator.call("GET", stop, null).status()).isEqualTo(200);
        assertThat(operator.get(list).get("items")).isEmpty();

        assertThat(operator.call("POST", stop, null).status()).isEqualTo(200);
        JsonNode suppressed = operator.get(list).get("items");
        assertThat(suppressed).hasSize(1);
        assertThat(suppressed.toString()).contains("UNSUBSCRIBED").doesNotContain(MAILBOX);

        String id = suppressed.get(0).get("id").asText();
        assertThat(operator.call("DELETE", "/api/suppressions/" + id, null).status())
                .isEqualTo(200);
        assertThat(operator.get(list).get("items")).isEmpty();
    }

    @Test
    @Order(95)
    void listing_sync_in_other_hands_paused_and_resumed_with_the_authorization() {
        await("the example has heard everything")
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> listingSync.changesOf("shop-17").size() >= 5);
        assertThat(listingSync.changesOf("shop-17"))
                .containsExactly("RESUMED", "PAUSED", "RESUMED", "PAUSED", "RESUMED");
    }

    @Test
    @Order(100)
    void every_event_of_the_journey_keeps_its_contract_and_no_dead_letter_came() {
        events.upToNow().stream().filter(event -> event.value() != null).forEach(Contracts::assertKept);
        assertThat(DeadLetters.in(house)).isEmpty();
    }

    private static Instant until(ReceivedEvent completed) {
        return Instant.parse(completed.data().get("to").asText());
    }
}
