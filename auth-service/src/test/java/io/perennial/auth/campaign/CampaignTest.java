package io.perennial.auth.campaign;

import static io.perennial.auth.Api.admin;
import static io.perennial.auth.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.perennial.auth.Amazon;
import io.perennial.auth.Api;
import io.perennial.auth.Browser;
import io.perennial.auth.EventSender;
import io.perennial.auth.Keys;
import io.perennial.auth.Shop;
import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.contracts.ReminderFailed;
import io.perennial.contracts.ReminderKind;
import io.perennial.contracts.ReminderSent;
import io.perennial.contracts.ReminderSuppressed;
import io.perennial.contracts.Topics;
import io.perennial.testsupport.Events;
import io.perennial.testsupport.PerennialKafka;
import io.perennial.testsupport.ReceivedEvent;
import io.perennial.testsupport.TestClock;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@WithPerennial(database = "auth", sandbox = true)
@WithTestResource(Keys.class)
class CampaignTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private Shop shop;
    private Events events;

    @BeforeEach
    void a_shop_and_an_ear() {
        shop = new Shop();
        events = Events.fromNow(PerennialKafka.shared().bootstrapServers(), Topics.CONNECTIONS);
    }

    @AfterEach
    void enough_heard() {
        events.close();
    }

    @Test
    void a_contact_gets_one_link_for_all_his_connections_and_the_campaign_counts_how_far_he_came() {
        Amazon.Seller seller = Amazon.nextSeller("EU");
        UUID first = shop.connection("shop-1", seller.id());
        UUID second = shop.connection("shop-2", null);
        UUID bobs = connection("shop-3", "bob@shop.example");
        connection("shop-4", null);

        String campaign = make(Map.of("mailsPerMinute", 6_000)).extract().path("id");
        List<ReceivedEvent> asked = events.awaitCount(2, "mails of the campaign", this::ours);
        assertThat(asked.stream().map(ReceivedEvent::connectionId)).contains(bobs.toString());
        ReceivedEvent adas = asked.stream()
                .filter(event -> !event.connectionId().equals(bobs.toString()))
                .findFirst()
                .orElseThrow();
        assertThat(adas.data().path("connections").asInt()).isEqualTo(2);
        assertThat(adas.data().path("reason").asText()).isEqualTo("ROLE_ADDED");
        int number = adas.data().path("campaign").asInt();
        progress(campaign)
                .body("progress.connections", equalTo(4))
                .body("progress.mails", equalTo(2))
                .body("progress.withoutContact", equalTo(1))
                .body("progress.asked", equalTo(2));

        UUID leading = UUID.fromString(adas.connectionId());
        URI link = link(leading, number);
        EventSender.send(
                new ReminderSent(about(leading), UUID.randomUUID(), ReminderKind.CAMPAIGN, number, UUID.randomUUID()));
        EventSender.send(new ReminderFailed(
                about(bobs), UUID.randomUUID(), ReminderKind.CAMPAIGN, number, UUID.randomUUID(), "MAILBOX_REFUSED"));
        await().atMost(PATIENCE).untilAsserted(() -> progress(campaign)
                .body("progress.sent", equalTo(1))
                .body("progress.failed", equalTo(1))
                .body("progress.opened", equalTo(0)));

        Browser browser = new Browser();
        assertThat(browser.get(link).html()).contains("Shop shop-1", "Shop shop-2");
        progress(campaign).body("progress.opened", equalTo(0));
        // The page lists the leading one first, each with a form to say that it is renewed already; the account that is
        // expected is the first connection's.
        int form = leading.equals(first) ? 0 : 2;
        URI consent = browser.submit(browser.get(link), form, Map.of()).location();
        assertThat(browser.open(browser.consent(consent, seller)).html()).contains("You are connected");

        progress(campaign)
                .body("progress.opened", equalTo(1))
                .body("progress.renewed", equalTo(1))
                .body("progress.remaining", equalTo(3));
        as("token-reader", "*")
                .get("/api/campaigns/" + campaign + "/connections?renewed=true")
                .then()
                .statusCode(200)
                .body("items.connectionId", contains(first.toString()));
        admin().get("/api/campaigns/" + campaign + "/connections?renewed=false")
                .then()
                .body("items", hasSize(3))
                .body("items.mail", hasItem("NO_CONTACT"))
                .body("items.connectionId", hasItem(second.toString()));
        TestClock.shared().advance(Duration.ofMinutes(1));
        await().atMost(PATIENCE).untilAsserted(() -> progress(campaign).body("state", equalTo("COMPLETED")));
    }

    @Test
    void who_renewed_meanwhile_is_not_written_to_and_another_connection_of_the_contact_leads() {
        shop.connection("shop-1", null);
        shop.connection("shop-2", null);
        String campaign = make(Map.of("mailsPerMinute", 6_000)).extract().path("id");
        ReceivedEvent asked = events.awaitCount(1, "the mail", this::ours).get(0);
        int number = asked.data().path("campaign").asInt();
        UUID leading = UUID.fromString(asked.connectionId());
        admin().delete("/api/connections/" + leading).then().statusCode(204);

        reminderLink(leading, number).body("items[0].current", equalTo(false)).body("items[0].url", nullValue());
        EventSender.send(new ReminderSuppressed(
                about(leading), UUID.randomUUID(), ReminderKind.CAMPAIGN, number, "DISCONNECTED"));
        await().atMost(PATIENCE).untilAsserted(() -> {
            TestClock.shared().advance(Duration.ofSeconds(31));
            Set<String> led = events.upToNow().stream()
                    .filter(this::ours)
                    .map(ReceivedEvent::connectionId)
                    .collect(Collectors.toSet());
            assertThat(led).hasSize(2);
        });
        progress(campaign).body("progress.gone", equalTo(1)).body("progress.remaining", equalTo(1));
    }

    @Test
    void a_campaign_keeps_its_pace_stops_and_goes_on() {
        Stream.of("ada", "bob", "cid").forEach(name -> connection("shop-" + name, name + "@shop.example"));
        String campaign = make(Map.of("mailsPerMinute", 1, "start", false))
                .body("state", equalTo("STOPPED"))
                .extract()
                .path("id");
        TestClock.shared().advance(Duration.ofMinutes(5));
        progress(campaign).body("progress.waiting", equalTo(3));

        act(campaign, "resume").body("state", equalTo("RUNNING"));
        await().atMost(PATIENCE).untilAsserted(() -> progress(campaign).body("progress.asked", equalTo(1)));
        act(campaign, "stop").body("state", equalTo("STOPPED"));
        act(campaign, "stop").body("state", equalTo("STOPPED"));
        TestClock.shared().advance(Duration.ofMinutes(5));
        act(campaign, "resume");
        // A jump over five turns is one turn.
        await().atMost(PATIENCE).untilAsserted(() -> progress(campaign).body("progress.asked", equalTo(2)));
        assertThat(events.upToNow().stream().filter(this::ours)).hasSize(2);
    }

    @Test
    void the_selection_is_that_of_the_list_and_named_connections() {
        UUID wanted = shop.connection("shop-1", null);
        shop.connection("shop-2", null);
        make(Map.of("start", false, "connections", List.of(wanted.toString())))
                .body("progress.connections", equalTo(1))
                .body("selection.connections", equalTo(1));
        make(Map.of(
                        "start",
                        false,
                        "needsConsent",
                        true,
                        "provider",
                        "AMAZON_SELLER",
                        "region",
                        "EU",
                        "state",
                        List.of("PENDING")))
                .body("progress.connections", equalTo(2))
                .body("selection.region", equalTo("EU"));
        request(Map.of("start", false, "endsUnknown", true)).statusCode(409);
        request(Map.of("start", false, "app", "nobody's")).statusCode(409);
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "reason", "region", "mailsPerMinute", "state", "endsBefore", "unheardOf"})
    void a_wrong_field_is_named(String field) {
        Map<String, Object> wrong = new HashMap<>();
        wrong.put(field, field.equals("name") ? "" : "X");
        request(wrong).statusCode(400).body("errors.field", hasItem(org.hamcrest.Matchers.startsWith(field)));
    }

    @Test
    void a_repeated_request_makes_one_campaign_and_nobody_sees_those_of_others() {
        shop.connection("shop-1", null);
        String key = UUID.randomUUID().toString();
        Map<String, Object> body = body(Map.of("start", false));
        String id = admin().header("Idempotency-Key", key)
                .body(body)
                .post("/api/campaigns")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        admin().header("Idempotency-Key", key)
                .body(body)
                .post("/api/campaigns")
                .then()
                .statusCode(201)
                .body("id", equalTo(id));
        admin().header("Idempotency-Key", key)
                .body(body(Map.of("start", true)))
                .post("/api/campaigns")
                .then()
                .statusCode(422);
        Shop neighbour = new Shop();
        neighbour.connection("shop-1", null);
        Map<String, Object> theirs = new HashMap<>(body);
        theirs.put("tenant", neighbour.tenant());
        as("operator", neighbour.tenant())
                .header("Idempotency-Key", key)
                .body(theirs)
                .post("/api/campaigns")
                .then()
                .statusCode(201)
                .body("id", not(equalTo(id)));

        for (String path : List.of("", "/connections")) {
            as("operator", "other").get("/api/campaigns/" + id + path).then().statusCode(404);
        }
        as("operator", "other").post("/api/campaigns/" + id + "/resume").then().statusCode(404);
        as("operator", "other").body(body).post("/api/campaigns").then().statusCode(403);
        Map<String, Object> everywhere = new HashMap<>(body);
        everywhere.remove("tenant");
        as("operator", shop.tenant())
                .body(everywhere)
                .post("/api/campaigns")
                .then()
                .statusCode(400)
                .body("errors.field", contains("tenant"));
        as("operator", "other").get("/api/campaigns").then().body("items.id", not(hasItem(id)));
        as("viewer", shop.tenant()).get("/api/campaigns").then().body("items.id", hasItem(id));
        as("viewer", shop.tenant())
                .post("/api/campaigns/" + id + "/resume")
                .then()
                .statusCode(403);
    }

    private UUID connection(String externalId, String email) {
        Map<String, Object> body = new HashMap<>(Api.connection(shop.tenant(), externalId));
        body.put("contacts", email == null ? List.of() : List.of(Map.of("name", "Merchant", "email", email)));
        return UUID.fromString(admin().body(body)
                .post("/api/connections")
                .then()
                .statusCode(201)
                .extract()
                .path("id"));
    }

    private Map<String, Object> body(Map<String, Object> more) {
        Map<String, Object> body =
                new HashMap<>(Map.of("name", "More roles", "reason", "ROLE_ADDED", "tenant", shop.tenant()));
        body.putAll(more);
        return body;
    }

    private ValidatableResponse request(Map<String, Object> more) {
        return admin().body(body(more)).post("/api/campaigns").then();
    }

    private ValidatableResponse make(Map<String, Object> more) {
        return request(more).statusCode(201);
    }

    private static ValidatableResponse progress(String campaign) {
        return admin().get("/api/campaigns/" + campaign).then().statusCode(200);
    }

    private static ValidatableResponse act(String campaign, String action) {
        return admin().post("/api/campaigns/" + campaign + "/" + action).then().statusCode(200);
    }

    private boolean ours(ReceivedEvent event) {
        return event.type().equals("RenewalRequired")
                && event.data().path("tenantId").asText().equals(shop.tenant());
    }

    private ConnectionRef about(UUID connection) {
        return new ConnectionRef(
                shop.tenant(),
                connection,
                "shop",
                Provider.AMAZON_SELLER,
                Region.EU,
                0,
                TestClock.shared().now());
    }

    private static ValidatableResponse reminderLink(UUID connection, int campaign) {
        return as("link-issuer", "*")
                .body(Map.of(
                        "items", List.of(Map.of("connectionId", connection, "generation", 0, "campaign", campaign))))
                .post("/api/reminder-links")
                .then()
                .statusCode(200);
    }

    private static URI link(UUID connection, int campaign) {
        String url = reminderLink(connection, campaign)
                .body("items[0].current", equalTo(true))
                .body("items[0].campaign.connections", equalTo(2))
                .body("items[0].campaign.reason", equalTo("ROLE_ADDED"))
                .extract()
                .path("items[0].url");
        return URI.create(Shop.base() + URI.create(url).getPath());
    }
}
