package io.perennial.console.web;

import static io.perennial.console.Shop.aShop;
import static io.perennial.console.Shop.inDays;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perennial.console.Person;
import io.perennial.console.Publisher;
import io.perennial.console.Shop;
import io.perennial.console.Surroundings;
import io.perennial.console.view.Connections;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.Reference;
import io.perennial.contracts.Region;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithPerennial(database = "console")
@WithTestResource(Surroundings.class)
class PagesTest {
    @TestHTTPResource("/")
    URI base;

    @Inject
    Connections connections;

    Publisher publisher;

    @BeforeEach
    void open() {
        publisher = new Publisher();
    }

    @AfterEach
    void close() {
        publisher.close();
    }

    private Person operator() {
        return Person.signedIn(base, "olga", List.of("operator", "viewer"), List.of("*"));
    }

    private Shop shown(Shop shop, ConnectionStatus status, int days) {
        publisher.publish(1, shop.state(status, 1, inDays(days)));
        await(shop.label())
                .atMost(Duration.ofSeconds(30))
                .until(() ->
                        connections.find(null, shop.id()).await().indefinitely().isPresent());
        return shop;
    }

    @Test
    void a_stranger_is_sent_to_the_issuer() {
        HttpResponse<String> login = Person.stranger(base).get("/");

        assertThat(login.uri().getPath()).isEqualTo("/perennial/authorize");
        assertThat(login.uri().getQuery()).contains("client_id=console", "code_challenge_method=S256");
    }

    @Test
    void a_script_of_a_stranger_is_told_instead_of_being_sent_away() {
        assertThat(Person.stranger(base)
                        .get("/list/counts", "X-Requested-With", "XMLHttpRequest")
                        .statusCode())
                .isEqualTo(499);
    }

    @Test
    void the_list_shows_states_in_words_and_last_errors_in_plain_words() {
        Shop shop = shown(aShop("acme", "Words & <Signs>"), ConnectionStatus.EXPIRED, -3);
        publisher.publish(1, shop.expired(1));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> connections
                                .find(null, shop.id())
                                .await()
                                .indefinitely()
                                .orElseThrow()
                                .trouble()
                        != null);

        String page = operator().get("/?q=" + shop.externalId()).body();

        assertThat(page)
                .contains("Words &amp; &lt;Signs&gt;", "Expired", "The authorization has expired.", "days ago")
                .contains("Copy link", "Mail link", "olga");
    }

    @Test
    void people_see_their_own_tenants_only() {
        Shop mine = shown(aShop("acme", "Mine"), ConnectionStatus.ACTIVE, 100);
        Shop foreign = shown(aShop("globex", "Foreign"), ConnectionStatus.ACTIVE, 100);
        Person person = Person.signedIn(base, "anna", List.of("operator"), List.of("acme"));

        assertThat(person.get("/?q=" + foreign.externalId()).body()).contains("Nothing matches");
        assertThat(person.get("/?q=" + mine.externalId()).body()).contains(mine.externalId());
        assertThat(person.get("/connections/" + foreign.id()).statusCode()).isEqualTo(404);
        assertThat(person.get("/connections/" + UUID.randomUUID()).statusCode()).isEqualTo(404);
        assertThat(person.get("/list/lines?id=" + foreign.id()).body()).doesNotContain("Foreign");
        assertThat(person.submit("/connections/" + mine.id(), "/connections/" + foreign.id() + "/do/link", Map.of())
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void a_campaign_is_counted_first_and_shows_how_far_it_came() {
        Person person = operator();
        assertThat(person.get("/campaigns").body())
                .contains("7. More &lt;roles&gt;", "role added", "Stopped", "Count first");
        Map<String, String> form = Map.of("name", "More roles", "reason", "ROLE_ADDED", "tenant", "acme", "pace", "60");
        assertThat(person.submit("/campaigns", "/campaigns", form).body())
                .contains("12 of 40 renewed", "Send the mails");
        assertThat(person.submit("/campaigns", "/campaigns", Map.of("name", "x", "reason", "OTHER"))
                        .body())
                .contains("The selection finds no connection.");
        String campaign = "/campaigns/01990000-0000-7000-8000-0000000000ca";
        assertThat(person.submit(campaign, campaign + "/resume", Map.of()).body())
                .contains("Goes on");
        assertThat(person.submit(campaign, campaign + "/fetch", Map.of()).body())
                .contains("0 fetches");
        String large = "/campaigns/01990000-0000-7000-8000-0000000000cc/fetch";
        String progress = large + "/01990000-0000-7000-8000-0000000000cd";
        assertThat(person.submit(campaign, large, Map.of()).body())
                .contains("Being planned", "<dd>400</dd>", "<dd>395</dd>", progress);
        assertThat(person.get(progress).body())
                .contains("All planned", "<dd>12345</dd>", "Words of &lt;fetching&gt;.")
                .doesNotContain("every 5s");
        Person viewer = Person.signedIn(base, "vera", List.of("viewer"), List.of("*"));
        assertThat(viewer.get(campaign).body()).contains("12 of 40 renewed").doesNotContain("Send the mails");
        assertThat(viewer.submit("/", campaign + "/resume", Map.of()).statusCode())
                .isEqualTo(403);
    }

    @Test
    void an_import_shows_its_faults_and_where_the_date_is() {
        assertThat(operator().get("/imports").body()).contains("sellers.ndjson", "1000 lines", "Interrupted");
        assertThat(operator()
                        .get("/imports/01990000-0000-7000-8000-0000000000cb")
                        .body())
                .contains("990", "behind line 1000", "Manage Your Apps", "Line 17", "shop-&lt;17&gt;", "is required");
    }

    @Test
    void a_viewer_sees_no_buttons_and_may_not_press_them() {
        Shop shop = shown(aShop("acme", "Only looked at"), ConnectionStatus.ACTIVE, 100);
        Person viewer = Person.signedIn(base, "vera", List.of("viewer"), List.of("*"));

        assertThat(viewer.get("/connections/" + shop.id()).body()).doesNotContain("Copy link", "Disconnect");
        assertThat(viewer.get("/connections/new").statusCode()).isEqualTo(403);
        assertThat(viewer.submit("/", "/connections/" + shop.id() + "/do/probe", Map.of())
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void accounts_are_worked_off_in_a_row_with_a_reminder_to_sign_out_between_two() {
        Shop first = shown(aShop("row", "First in the row"), ConnectionStatus.EXPIRED, -3);
        Shop second = shown(aShop("row", "Second in the row"), ConnectionStatus.REVOKED, 30);
        Person agent = Person.signedIn(base, "rita", List.of("operator"), List.of("row"));

        assertThat(agent.get("/queue").body()).contains("Begin with", "First in the row", "Second in the row");
        String row = "/queue?id=" + first.id() + "&id=" + second.id();
        assertThat(agent.get(row + "&at=0").body())
                .contains("1 of 2", "First in the row", "Make the link")
                .doesNotContain("sign-out-reminder");
        assertThat(agent.get(row + "&at=1").body())
                .contains("2 of 2", "Second in the row", "sign-out-reminder", "I have signed out of the account of")
                .contains(
                        "You were signed in for First in the row, as First in the row GmbH (" + first.account() + ")",
                        "<dd id=\"account\">Second in the row GmbH (" + second.account() + ")</dd>",
                        "Amazon Seller, Europe: Germany");
        Shop fresh = aShop("row", "Not yet connected");
        publisher.publish(1, fresh.pending());
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(
                        agent.get("/queue?id=" + fresh.id() + "&at=0").body())
                .contains("<dd id=\"account\">A1ANNOUNCED</dd>"));

        assertThat(agent.submit(
                                row + "&at=0",
                                "/queue/open",
                                Map.of("id", first.id().toString()))
                        .body())
                .contains(
                        "http://localhost:8081/connect/a-link-for-the-test",
                        "noopener",
                        "Sign in with First in the row GmbH (" + first.account() + ")");
        Map<String, String> notSignedOut = Map.of("id", second.id().toString(), "after", "yes");
        assertThat(agent.submit(row + "&at=1", "/queue/open", notSignedOut).body())
                .contains("Sign out of Amazon first")
                .doesNotContain("/connect/");
        assertThat(Person.signedIn(base, "olaf", List.of("operator"), List.of("globex"))
                        .get(row + "&at=0")
                        .body())
                .doesNotContain("in the row");
    }

    @Test
    void an_unclaimed_consent_is_offered_to_the_connections_that_it_may_belong_to() {
        Shop shop = shown(aShop("acme", "Waits for a consent"), ConnectionStatus.EXPIRED, -3);
        Person agent = operator();
        assertThat(agent.get("/unclaimed").body()).contains("Nobody&#39;s &lt;Shop&gt; (A1NOBODY)", "P-NOBODYS-OWN");
        assertThat(agent.submit(
                                "/unclaimed",
                                "/unclaimed/01890000-0000-7000-8000-000000000001/assign",
                                Map.of("connection", shop.id().toString()))
                        .body())
                .contains("Connected");
    }

    @Test
    void who_is_not_written_to_is_searched_and_lifted_with_a_reason() {
        Shop unheard = shown(aShop("silent", "Nobody <hears>"), ConnectionStatus.ACTIVE, 20);
        Shop heard = shown(aShop("silent", "Heard again"), ConnectionStatus.ACTIVE, 20);
        publisher.publish(2, unheard.unheard(1));
        publisher.publish(2, heard.unheard(1));
        publisher.publish(3, heard.reminded(23));
        Person agent = operator();
        await("both mails are told")
                .atMost(Duration.ofSeconds(30))
                .until(
                        () -> agent.get("/suppressions").body(),
                        page -> page.contains("Nobody &lt;hears&gt;") && !page.contains("Heard again"));

        assertThat(agent.get("/suppressions").body())
                .contains("shop &lt;17&gt;", "The mailbox does not exist (5.1.1)", "cursor=page+two")
                .doesNotContain("wants mails again");
        assertThat(agent.get("/suppressions?lifted=true").body()).contains("by olga: wants mails again");
        assertThat(agent.get("/suppressions?q=nobody").body()).contains("Nothing matches");

        String lift = "/suppressions/01990000-0000-7000-8000-0000000000f1/lift";
        assertThat(agent.submit("/suppressions", lift, Map.of("reason", "called & asked"))
                        .body())
                .contains("Mails may go there again");
        assertThat(agent.submit("/suppressions", lift, Map.of("reason", " ")).body())
                .contains("Nothing is changed");

        Person viewer = Person.signedIn(base, "vera", List.of("viewer"), List.of("acme"));
        assertThat(viewer.get("/suppressions").body())
                .contains("shop &lt;17&gt;")
                .doesNotContain("Nobody &lt;hears&gt;", "Lift</button>");
        assertThat(viewer.submit("/", lift, Map.of("reason", "x")).statusCode()).isEqualTo(403);
    }

    @Test
    void a_pasted_token_goes_in_and_is_not_shown_again() {
        Shop shop = shown(aShop("acme", "Private"), ConnectionStatus.EXPIRED, -3);
        Person agent = operator();
        String form = "/connections/" + shop.id() + "/self-authorization";
        assertThat(agent.get(form).body()).contains("type=\"password\"");
        assertThat(agent.submit(form, form, Map.of("refreshToken", "Atzr|canary", "accountId", "A1"))
                        .body())
                .contains("is connected")
                .doesNotContain("canary");
    }

    @Test
    void nobody_without_a_role_gets_in() {
        Person nobody = Person.stranger(base);
        HttpResponse<String> login = nobody.get("/");
        assertThat(login.uri().getPath()).isEqualTo("/perennial/authorize");
        assertThat(nobody.get("/q/../connections/new").statusCode()).isEqualTo(400);
        assertThat(nobody.get("/connections/new;x").statusCode()).isEqualTo(400);
    }

    @Test
    void forged_requests_are_refused() {
        Shop shop = shown(aShop("acme", "Not forged"), ConnectionStatus.ACTIVE, 100);
        Person person = operator();
        String page = "/connections/" + shop.id();

        assertThat(person.post(page + "/do/link", Map.of(), "same-origin").statusCode())
                .isEqualTo(400);
        assertThat(person.post(page + "/do/link", Map.of("csrf-token", "guessed"), "same-origin")
                        .statusCode())
                .isEqualTo(400);
        assertThat(person.post(page + "/do/link", Map.of(), "same-origin").body())
                .contains("too old");
        assertThat(person.submit(page, page + "/do/link", Map.of(), "cross-site")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void pages_tell_browsers_to_be_careful() {
        HttpResponse<String> page = operator().get("/");

        assertThat(page.headers().firstValue("Content-Security-Policy"))
                .get()
                .asString()
                .contains("default-src 'self'", "frame-ancestors 'none'");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(page.headers().firstValue("X-Frame-Options")).contains("DENY");
        assertThat(page.headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(page.body()).contains("<html lang=\"en\">").doesNotContain("style=\"", "onclick", "https://");
    }

    @Test
    void the_page_s_own_files_are_served_from_here() {
        Person person = Person.stranger(base);

        assertThat(person.get("/console.css").statusCode()).isEqualTo(200);
        assertThat(person.get("/console.js").statusCode()).isEqualTo(200);
        assertThat(person.get("/icons.svg").statusCode()).isEqualTo(200);
        assertThat(person.get("/webjars/htmx.org/dist/htmx.min.js").body()).contains("htmx");
        assertThat(person.get("/signed-out").body()).contains("You are signed out");
    }

    @Test
    void filters_leave_what_they_name() {
        Shop european = shown(aShop("filters", "In Europe"), ConnectionStatus.EXPIRED, -3);
        Shop american = new Shop(
                UUID.randomUUID(),
                "filters",
                "In America",
                "ext-america",
                "A" + european.account(),
                european.provider(),
                Region.NA);
        shown(american, ConnectionStatus.ACTIVE, 100);
        Person person = operator();

        for (String query : List.of("state=EXPIRED", "region=EU", "consent=needed")) {
            assertThat(person.get("/?q=In&tenant=filters&" + query).body())
                    .as(query)
                    .contains("In Europe")
                    .doesNotContain("In America");
        }
        for (String query : List.of("state=ACTIVE", "region=NA", "region=NA&provider=AMAZON_SELLER")) {
            assertThat(person.get("/?q=In&tenant=filters&" + query).body())
                    .as(query)
                    .contains("In America")
                    .doesNotContain("In Europe");
        }
        assertThat(person.get("/?tenant=filters&provider=AMAZON_ADS").body())
                .doesNotContain("In America")
                .doesNotContain("In Europe");
    }

    @Test
    void an_unknown_address_is_a_page_and_a_bad_filter_says_which() {
        Person person = operator();

        assertThat(person.get("/connections/not-an-id").statusCode()).isEqualTo(404);
        assertThat(person.get("/connections/not-an-id").body()).contains("There is nothing here");
        assertThat(person.get("/?state=SLEEPING").statusCode()).isEqualTo(400);
        assertThat(person.get("/?state=SLEEPING").body()).contains("state is not one of the choices");
        assertThat(person.get("/?cursor=nonsense").statusCode()).isEqualTo(400);
    }

    @Nested
    class Creating {
        private Map<String, String> fields(String label) {
            return Map.of(
                    "key", UUID.randomUUID().toString(),
                    "tenantId", "acme",
                    "label", label,
                    "externalId", "shop-17",
                    "provider", "AMAZON_SELLER",
                    "region", "EU",
                    "marketplaces", "A1PA6795UKMFR9",
                    "contacts[0].name", "Ada",
                    "contacts[0].email", "ada",
                    "contacts[0].locale", "en");
        }

        @Test
        void shows_the_link_for_the_merchant() {
            HttpResponse<String> created =
                    operator().submit("/connections/new", "/connections/new", fields("New shop"));

            assertThat(created.statusCode()).isEqualTo(200);
            assertThat(created.body())
                    .contains("New shop is created", "http://localhost:8081/connect/a-link-for-the-test");
        }

        @Test
        void a_new_connection_can_be_opened_before_its_first_event_has_come() throws Exception {
            Shop shop = aShop("acme", "Just created");
            Person person = operator();
            CompletableFuture<HttpResponse<String>> page =
                    CompletableFuture.supplyAsync(() -> person.get("/connections/" + shop.id() + "?created=now"));

            publisher.publish(1, shop.pending());

            assertThat(page.get(30, TimeUnit.SECONDS).body()).contains("Just created", "Waiting for consent");
        }

        @Test
        void shows_what_is_wrong_at_the_fields_and_keeps_what_was_typed() {
            String page = operator()
                    .submit("/connections/new", "/connections/new", fields("Refused"))
                    .body();

            assertThat(page)
                    .contains("id=\"externalId-error\">is taken")
                    .contains("must be one mail address")
                    .contains("value=\"shop-17\"", "value=\"ada\"", "Please check 2 fields");
        }

        @Test
        void says_which_service_does_not_answer() {
            String page = operator()
                    .submit("/connections/new", "/connections/new", fields("dead"))
                    .body();

            assertThat(page).contains("auth-service does not answer", "value=\"dead\"");
        }
    }

    @Nested
    class OneConnection {
        @Test
        void shows_state_history_and_what_can_be_done() {
            Shop shop = shown(aShop("acme", "Portrait"), ConnectionStatus.ACTIVE, 20);
            publisher.publish(1, shop.created());
            publisher.publish(2, shop.authorized(inDays(20)));
            Person person = operator();
            String address = "/connections/" + shop.id();

            String page = await().atMost(Duration.ofSeconds(30))
                    .until(() -> person.get(address).body(), body -> body.contains("Connection created"));

            assertThat(page).contains("Ends soon", "20 days left", "Fetch My Data", "Probe now", "Disconnect");
            assertThat(page.indexOf("Authorized")).isLessThan(page.indexOf("Connection created"));
        }

        @Test
        void is_found_by_the_reference_number_that_its_merchant_reads_and_shows_it() {
            Shop shop = shown(aShop("acme", "On the telephone"), ConnectionStatus.ACTIVE, 20);
            String reference = Reference.of(shop.id());
            Person person = operator();

            assertThat(person.get("/?q=" + reference).body()).contains("On the telephone");
            assertThat(person.get("/connections/" + shop.id()).body()).contains(reference);
        }

        @Test
        void buttons_say_what_came_of_them() {
            Shop shop = shown(aShop("acme", "Pressed"), ConnectionStatus.ACTIVE, 200);
            Person person = operator();
            String page = "/connections/" + shop.id();

            assertThat(person.submit(page, page + "/do/link", Map.of()).body())
                    .contains("/connect/a-link-for-the-test", "Copy link");
            assertThat(person.submit(page, page + "/do/mail", Map.of()).body()).contains("is on its way");
            assertThat(person.submit(page, page + "/do/fetch", Map.of()).body()).contains("Fetch My Data: under way");
            assertThat(person.submit(page, page + "/do/probe", Map.of()).body()).contains("Active: It works.");
            assertThat(person.submit(page, page + "/do/end", Map.of("endsOn", "2027-03-14"))
                            .body())
                    .contains("is corrected to 2027-03-14", "It stays &lt;overdue&gt;.");
            assertThat(person.submit(page, page + "/do/end", Map.of("endsOn", "soon"))
                            .statusCode())
                    .isEqualTo(400);
            assertThat(person.get(page + "/disconnect").body()).contains("This can not be undone");
            assertThat(person.submit(page + "/disconnect", page + "/do/disconnect", Map.of())
                            .body())
                    .contains("is disconnected");
        }

        @Test
        void a_consent_that_waits_is_decided_by_two_buttons_until_it_is_decided() {
            Shop shop = shown(aShop("acme", "Held"), ConnectionStatus.ACTIVE, 200);
            Person person = operator();
            String page = "/connections/" + shop.id();
            publisher.publish(2, shop.consentHeld(1));
            String shown = await().atMost(Duration.ofSeconds(30))
                    .until(() -> person.get(page).body(), body -> body.contains("A consent waits for a decision"));
            assertThat(shown).contains("It is the right account", "Refuse it", shop.account());

            assertThat(person.submit(page, page + "/do/accept-consent", Map.of())
                            .body())
                    .contains("is connected with the new consent");
            assertThat(person.submit(page, page + "/do/refuse-consent", Map.of())
                            .body())
                    .contains("destroyed within a day");
            Person viewer = Person.signedIn(base, "vera", List.of("viewer"), List.of("*"));
            assertThat(viewer.get(page).body())
                    .contains("A consent waits for a decision")
                    .doesNotContain("It is the right account");

            publisher.publish(3, shop.renewed(2, inDays(365)));
            publisher.publish(4, shop.state(ConnectionStatus.ACTIVE, 2, inDays(365)));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> person.get(page).body(), body -> !body.contains("A consent waits for a decision"));
        }

        @Test
        void the_codes_on_amazons_pages_are_explained() {
            assertThat(operator().get("/help/amazon-codes").body())
                    .contains("MD1000", "version=beta", "MD5101", "MD9100", "SPDC8143", "primary user");
        }

        @Test
        void a_service_that_is_down_is_named_and_the_page_goes_on() {
            UUID dead = UUID.fromString(UUID.randomUUID().toString().substring(0, 32) + "dead");
            Shop shop = shown(aShop("acme", "Services down").withId(dead), ConnectionStatus.ACTIVE, 200);
            Person person = operator();
            String page = "/connections/" + shop.id();

            assertThat(person.submit(page, page + "/do/mail", Map.of()).body()).contains("notifier does not answer");
            assertThat(person.get("/load-status/" + shop.id()).body()).contains("fetch-orchestrator does not answer");
            assertThat(person.get(page).body()).contains("Services down");
        }

        @Test
        void advertising_profiles_are_shown_and_chosen() {
            Shop shop = shown(aShop("acme", "Advertiser"), ConnectionStatus.ACTIVE, 200);
            Person person = operator();

            assertThat(person.get("/connections/" + shop.id() + "/profiles").body())
                    .contains("value=\"1234567890123456789\"", "Olivar &lt;del&gt; Sur ES", "No access any more");
            assertThat(person.submit(
                                    "/connections/" + shop.id() + "/profiles",
                                    "/connections/" + shop.id() + "/profiles",
                                    Map.of("profile", "1234567890123456789"))
                            .body())
                    .contains("are chosen");
        }

        @Test
        void load_status_has_a_letter_and_words_for_each_day() {
            Shop shop = shown(aShop("acme", "Loaded"), ConnectionStatus.ACTIVE, 200);

            String grid = operator().get("/load-status/" + shop.id()).body();

            assertThat(grid)
                    .contains("day-complete", "day-failed", "Complete, 12 orders", "Amazon does not answer", "Legend");
        }
    }

    @Test
    void an_application_shows_until_when_its_secret_is_good_and_an_admin_can_stop_it() {
        Person viewer = Person.signedIn(base, "vera", List.of("viewer"), List.of("*"));
        assertThat(viewer.get("/applications").body())
                .contains("Listing &lt;tool&gt;", "The newest client secret ends on")
                .contains("value=\"https://perennial.example/oauth/ads/callback\"", "Copy return URL")
                .doesNotContain("Suspend</button>", "type=\"password\"");

        Person admin = Person.signedIn(base, "ada", List.of("admin"), List.of("*"));
        String app = "/applications/01990000-0000-7000-8000-0000000000a1/do/";
        assertThat(admin.submit("/applications", app + "suspend", Map.of()).body())
                .contains("The application is suspended");
        assertThat(admin.submit("/applications", app + "secret", Map.of("secret", "canary-secret"))
                        .body())
                .contains("The new secret is in use")
                .doesNotContain("canary");
        assertThat(viewer.post(app + "suspend", Map.of(), "same-origin").statusCode())
                .isNotEqualTo(200);
    }

    @Test
    void an_admin_of_some_tenants_is_offered_no_change_of_what_all_of_them_use() {
        Person admin = Person.signedIn(base, "otto", List.of("admin"), List.of("acme"));
        assertThat(admin.get("/applications").body())
                .contains("Listing &lt;tool&gt;")
                .doesNotContain("Suspend</button>", "type=\"password\"");
    }

    @Test
    void every_page_asks_for_what_concerns_everybody() {
        Person viewer = Person.signedIn(base, "vera", List.of("viewer"), List.of("*"));

        assertThat(viewer.get("/").body()).contains("hx-get=\"/platform\"");
        assertThat(viewer.get("/platform").body())
                .contains("Amazon refuses many authorizations at once", "Listing &lt;tool&gt; in EU")
                .contains("A client secret ends on")
                .contains("no merchant is mailed");
    }

    @Test
    void the_calendar_shows_what_ends_next() {
        Shop shop = shown(aShop("acme", "Ends in the calendar"), ConnectionStatus.ACTIVE, 12);
        Person person = operator();

        assertThat(person.get("/expiries").body()).contains(shop.label(), "12 days left");
        assertThat(person.get("/expiries?days=90").body()).contains("in the next 90 days");
        assertThat(person.get("/load-status").statusCode()).isEqualTo(200);
    }

    @Test
    void open_pages_hear_of_changes_of_their_tenants_only() {
        Person person = Person.signedIn(base, "anna", List.of("viewer"), List.of("acme"));
        BlockingQueue<String> lines = person.listen("/live");
        Person.awaitLine(lines, "status:200");
        Person.awaitLine(lines, "everything");
        Shop foreign = aShop("globex", "Foreign change");
        Shop mine = aShop("acme", "My change");

        publisher.publish(1, foreign.state(ConnectionStatus.ACTIVE, 1, inDays(10)));
        await().atMost(Duration.ofSeconds(30)).until(() -> connections
                .find(null, foreign.id())
                .await()
                .indefinitely()
                .isPresent());
        publisher.publish(1, mine.state(ConnectionStatus.ACTIVE, 1, inDays(10)));

        String told = Person.awaitLine(lines, mine.id().toString());
        assertThat(told).doesNotContain(foreign.id().toString());
    }
}
