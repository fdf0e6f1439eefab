package io.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.perennial.merchants.Api;
import io.perennial.merchants.Seller;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Many consents at once: by a campaign that writes to merchants, and by an agent who works off a row. */
@Order(2)
class ManyMerchantsTest {
    private static final String ADA = "ada@grown.example";
    private static final String BOB = "bob@grown.example";

    private static House house;
    private static List<Seller> newcomers;

    @BeforeAll
    static void open_the_house() {
        house = House.shared();
        newcomers = Seller.more(house.sandbox(), 6);
    }

    @Test
    void a_role_that_was_added_is_consented_to_by_the_links_of_a_campaign_that_stops_and_goes_on() {
        Application grown = Application.enter(house, "Grown", false, false);
        Seller american = newcomer("NA", 0);
        Seller european = newcomer("EU", 0);
        Seller japanese = newcomer("FE", 0);
        authorize(grown, "grown-na", american, ADA);
        authorize(grown, "grown-eu", european, ADA);
        authorize(grown, "grown-fe", japanese, BOB);
        Connections.create(house, "grown", "grown-other", japanese, ADA);
        assertThat(house.sandbox()
                        .call("POST", "/sandbox/apps/" + grown.applicationId() + "/role-added", "{}")
                        .status())
                .isEqualTo(204);

        Api operator = house.auth("operator", "grown");
        JsonNode campaign = operator.post(
                "/api/campaigns",
                """
                {"name":"More roles","reason":"ROLE_ADDED","tenant":"grown","provider":"AMAZON_SELLER","app":"%s",
                 "mailsPerMinute":1}
                """
                        .formatted(grown.id()));
        String path = "/api/campaigns/" + campaign.get("id").asText();
        assertProgress(campaign, Map.of("connections", 3, "mails", 2));
        String adasLink = awaitLink(ADA);
        operator.post(path + "/stop", "{}");
        house.advance(Duration.ofMinutes(2));
        renew(adasLink, american);
        renew(adasLink, european);
        assertProgress(operator.get(path), Map.of("opened", 1, "renewed", 2, "remaining", 1, "waiting", 1));
        assertThat(asked(BOB)).isEmpty();

        operator.post(path + "/resume", "{}");
        renew(awaitLink(BOB), japanese);
        await("both mails are told to be out")
                .atMost(30, TimeUnit.SECONDS)
                .pollInterval(200, TimeUnit.MILLISECONDS)
                .untilAsserted(() -> assertProgress(
                        operator.get(path), Map.of("sent", 2, "opened", 2, "renewed", 3, "remaining", 0)));
        house.advance(Duration.ofMinutes(1));
        await("the campaign is through")
                .atMost(30, TimeUnit.SECONDS)
                .pollInterval(200, TimeUnit.MILLISECONDS)
                .until(() -> operator.get(path).get("state").asText().equals("COMPLETED"));
        assertThat(asked(ADA)).hasSize(1);
    }

    @Test
    void an_agent_works_off_a_row_and_is_told_to_sign_out_between_two_accounts() {
        Seller one = newcomer("EU", 0);
        Seller two = newcomer("EU", 1);
        Map<String, Seller> sellers = Map.of(
                Connections.create(house, "row", "row-1", one, "one@row.example"), one,
                Connections.create(house, "row", "row-2", two, "two@row.example"), two);
        try (Page console = Pages.fresh();
                Merchant agent = new Merchant()) {
            console.open(house.consoleUrl());
            console.choose("#username", "operator");
            console.press("#sign-in");
            await("both accounts in the row").atMost(30, TimeUnit.SECONDS).until(() -> {
                console.open(house.consoleUrl() + "/queue?tenant=row");
                return sellers.keySet().stream().allMatch(id -> console.has("li[data-part='" + id + "']"));
            });
            console.press("#begin");
            String first = console.attribute("#step input[name=id]", "value");
            assertThat(console.has("#sign-out-reminder")).isFalse();
            agent.open(link(console)).signIn(sellers.get(first)).confirm().connected();
            awaitDone(console, first);

            console.press("#next");
            assertThat(console.text("#sign-out-reminder")).contains("Sign out of Amazon first");
            String second = console.attribute("#step input[name=id]", "value");
            console.tick("#signed-out");
            agent.open(link(console)).page().press("#authorize");
            assertThat(agent.page().text("#account-id"))
                    .as("whom Amazon remembers")
                    .isEqualTo(sellers.get(first).id());
            agent.switchTo(sellers.get(second)).confirm().connected();
            awaitDone(console, second);
        }
    }

    /** The link that the console makes for the account at hand; without scripts it is a page of its own. */
    private static String link(Page console) {
        String step = console.url();
        console.press("#make-link");
        String link = console.attribute("#to-amazon", "href");
        if (!console.lives()) {
            console.open(step);
        }
        return link;
    }

    private static void awaitDone(Page console, String id) {
        await("the line turns green").atMost(30, TimeUnit.SECONDS).until(() -> {
            if (!console.lives()) {
                console.open(console.url());
            }
            return console.has("li.done[data-part='" + id + "']");
        });
    }

    private static void authorize(Application application, String externalId, Seller seller, String mailbox) {
        Connections.renew(house, Connections.create(house, "grown", externalId, application, seller, mailbox), seller);
    }

    /** In a browser of his own, with nobody signed in. */
    private static void renew(String link, Seller seller) {
        try (Merchant merchant = Merchant.byHttp()) {
            merchant.consent(link, seller);
        }
    }

    private static Seller newcomer(String region, int place) {
        return Seller.inRegion(newcomers, region).get(place);
    }

    private static String awaitLink(String mailbox) {
        await("the campaign's mail to " + mailbox)
                .atMost(30, TimeUnit.SECONDS)
                .pollInterval(200, TimeUnit.MILLISECONDS)
                .until(() -> !asked(mailbox).isEmpty());
        return Mail.link(asked(mailbox).get(0));
    }

    private static List<JsonNode> asked(String mailbox) {
        return house.mailsTo(mailbox).stream()
                .filter(mail -> mail.get("subject").asText().startsWith("Please authorize again"))
                .toList();
    }

    private static void assertProgress(JsonNode campaign, Map<String, Integer> expected) {
        expected.forEach(
                (name, count) -> assertThat(campaign.get("progress").get(name).asInt())
                        .as(name + " of " + campaign)
                        .isEqualTo(count));
    }
}
