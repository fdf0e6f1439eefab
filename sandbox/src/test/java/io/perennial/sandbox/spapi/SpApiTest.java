package io.perennial.sandbox.spapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.perennial.sandbox.Amazon;
import io.perennial.sandbox.Http;
import io.perennial.sandbox.Merchant;
import io.perennial.sandbox.SandboxDatabase;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(SandboxDatabase.class)
class SpApiTest {

    private static final String ORDERS = "/sp-api/na/orders/2026-01-01/orders";
    private static final String PARTICIPATIONS = "/sp-api/na/sellers/v1/marketplaceParticipations";
    private static final Model ORDERS_MODEL = Model.named("orders_2026-01-01.json");
    private static final Model SELLERS_MODEL = Model.named("sellers.json");
    private static final String SUBSCRIPTION = "/sp-api/na/notifications/v1/subscriptions/ORDER_CHANGE";
    private static final Model NOTIFICATIONS_MODEL = Model.named("notifications.json");

    private final Http http = new Http();
    private Amazon.Seller seller;
    private Amazon.App app;
    private Amazon.Tokens tokens;

    @BeforeEach
    void authorized() {
        seller = Amazon.seller("Northwind Supply");
        app = Amazon.publishedApp();
        tokens = Amazon.authorize(seller, app);
    }

    @AfterEach
    void noTrouble() {
        Amazon.faults(List.of());
    }

    @Nested
    class Subscription {

        @Test
        void a_subscription_is_there_or_not_found_and_belongs_to_seller_and_application() {
            var none = Amazon.call(SUBSCRIPTION, tokens.access());
            assertThat(none.statusCode()).isEqualTo(404);
            NOTIFICATIONS_MODEL.accepts("GetSubscriptionResponse", none);
            assertThat(error(none).get("code").asText()).isEqualTo("NotFound");

            Amazon.subscribe(seller, app);
            var found = Amazon.call(SUBSCRIPTION + "?payloadVersion=1.0", tokens.access());
            assertThat(found.statusCode()).isEqualTo(200);
            NOTIFICATIONS_MODEL.accepts("GetSubscriptionResponse", found);
            assertThat(found.headers().firstValue("x-amzn-RateLimit-Limit")).hasValue("1.0");

            Amazon.App other = Amazon.publishedApp();
            assertThat(Amazon.call(SUBSCRIPTION, Amazon.authorize(seller, other).access())
                            .statusCode())
                    .isEqualTo(404);
            assertThat(Amazon.call(SUBSCRIPTION + "?payloadVersion=2.0", tokens.access())
                            .statusCode())
                    .isEqualTo(404);
            assertThat(Amazon.call(SUBSCRIPTION.replace("ORDER_CHANGE", "order-change"), tokens.access())
                            .statusCode())
                    .isEqualTo(400);
        }

        @Test
        void the_token_of_the_application_alone_does_not_see_it_and_one_a_second_may_ask() {
            String grantless = Http.json(Amazon.token(
                            app,
                            Map.of("grant_type", "client_credentials", "scope", "sellingpartnerapi::notifications")))
                    .get("access_token")
                    .asText();
            assertThat(Amazon.call(SUBSCRIPTION, grantless).statusCode()).isEqualTo(403);
            List<Integer> statuses = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                statuses.add(Amazon.call(SUBSCRIPTION, tokens.access()).statusCode());
            }
            assertThat(statuses).startsWith(404, 404, 404, 404, 404).contains(429);
        }

        @Test
        void an_end_of_the_authorization_takes_it_along_only_where_amazon_behaves_so() {
            Amazon.subscribe(seller, app);
            Amazon.happens(seller, "revoke");
            tokens = Amazon.authorize(seller, app);
            assertThat(Amazon.call(SUBSCRIPTION, tokens.access()).statusCode()).isEqualTo(200);
            Amazon.behave(Map.of("subscriptions", "VANISH"));
            try {
                tokens = Amazon.authorize(seller, app);
                assertThat(Amazon.call(SUBSCRIPTION, tokens.access()).statusCode())
                        .as("renewed in time")
                        .isEqualTo(200);
                Amazon.happens(seller, "expire");
                tokens = Amazon.authorize(seller, app);
                assertThat(Amazon.call(SUBSCRIPTION, tokens.access()).statusCode())
                        .isEqualTo(404);
            } finally {
                Amazon.behave(Map.of("subscriptions", "SURVIVE"));
            }
        }
    }

    @Nested
    class Access {

        @Test
        void participations_tell_store_and_marketplaces() {
            var response = Amazon.call(PARTICIPATIONS, tokens.access());

            assertThat(response.statusCode()).isEqualTo(200);
            SELLERS_MODEL.accepts("GetMarketplaceParticipationsResponse", response);
            assertThat(response.headers().firstValue("x-amzn-RateLimit-Limit")).hasValue("0.016");
            assertThat(response.headers().firstValue("x-amzn-RequestId")).isPresent();
            JsonNode payload = Http.json(response).get("payload");
            assertThat(payload).hasSize(seller.marketplaces().size());
            assertThat(payload.get(0).get("storeName").asText()).isEqualTo(seller.name());
        }

        @Test
        void a_token_of_another_region_gets_empty_lists() {
            var participations = Amazon.call(PARTICIPATIONS.replace("/na/", "/eu/"), tokens.access());
            assertThat(Http.json(participations).get("payload")).isEmpty();

            var orders = Amazon.call(search("lastUpdatedAfter", ago("P1D")).replace("/na/", "/eu/"), tokens.access());
            assertThat(orders.statusCode()).isEqualTo(200);
            assertThat(Http.json(orders).get("orders")).isEmpty();
        }

        @Test
        void details_say_why_access_is_denied() {
            assertDenied(http.get(PARTICIPATIONS), "Access token is missing in the request header.");
            assertDenied(
                    Amazon.call(PARTICIPATIONS, "Atza|garbage"),
                    "The access token you provided is revoked, malformed or invalid.");
            Amazon.advance("1h");
            assertDenied(Amazon.call(PARTICIPATIONS, tokens.access()), "The access token you provided has expired.");
            Amazon.Tokens fresh = Amazon.tokens(Amazon.refresh(app, tokens.refresh()));
            assertThat(Amazon.call(PARTICIPATIONS, fresh.access()).statusCode()).isEqualTo(200);
            Amazon.happens(seller, "revoke");
            assertDenied(
                    Amazon.call(PARTICIPATIONS, fresh.access()),
                    "The access token you provided is revoked, malformed or invalid.");
        }

        @Test
        void no_details_for_unknown_paths_grantless_tokens_and_vendors() {
            assertDenied(Amazon.call("/sp-api/na/listings/2021-08-01/items", tokens.access()), "");
            String grantless = Http.json(Amazon.token(
                            app,
                            Map.of("grant_type", "client_credentials", "scope", "sellingpartnerapi::notifications")))
                    .get("access_token")
                    .asText();
            assertDenied(Amazon.call(PARTICIPATIONS, grantless), "");
            Amazon.Seller vendor = Amazon.vendor("Atlas Appliances");
            String code =
                    new Merchant(vendor, "/vendor-central/us").consent(app, "v").code();
            assertDenied(
                    Amazon.call(
                            PARTICIPATIONS,
                            Amazon.tokens(Amazon.exchange(app, code)).access()),
                    "");
        }

        @Test
        void troubles_in_the_apis_own_words() {
            trouble("security-token-expired");
            assertDenied(
                    Amazon.call(PARTICIPATIONS, tokens.access()),
                    "The security token included in the request is expired");
            trouble("client-secret-expired");
            assertDenied(
                    Amazon.call(PARTICIPATIONS, tokens.access()), "The LWA secret token you provided has expired.");
            trouble("500");
            var failure = Amazon.call(PARTICIPATIONS, tokens.access());
            assertThat(failure.statusCode()).isEqualTo(500);
            assertThat(error(failure).get("code").asText()).isEqualTo("InternalFailure");
            trouble("lost-reply");
            assertThatThrownBy(() -> Amazon.call(PARTICIPATIONS, tokens.access()))
                    .isInstanceOf(UncheckedIOException.class);
        }

        private void trouble(String kind) {
            Amazon.faults(List.of(Map.of("operation", "sp-api", "kind", kind)));
        }

        private void assertDenied(HttpResponse<String> response, String details) {
            assertThat(response.statusCode()).as(response.body()).isEqualTo(403);
            assertThat(response.headers().firstValue("x-amzn-ErrorType")).hasValue("AccessDeniedException");
            assertThat(response.headers().firstValue("x-amzn-RateLimit-Limit")).isEmpty();
            assertThat(response.headers().firstValue("x-amzn-RequestId")).isPresent();
            assertThat(error(response).get("code").asText()).isEqualTo("Unauthorized");
            assertThat(error(response).get("message").asText()).isEqualTo("Access to requested resource is denied.");
            assertThat(error(response).get("details").asText()).isEqualTo(details);
            ORDERS_MODEL.accepts("ErrorList", response);
        }
    }

    @Nested
    class Searching {

        @Test
        void a_page_is_valid_and_carries_only_the_data_that_were_asked_for() {
            var bare = Amazon.call(search("lastUpdatedAfter", ago("P2D")), tokens.access());
            ORDERS_MODEL.accepts("SearchOrdersResponse", bare);
            assertThat(bare.headers().firstValue("x-amzn-RateLimit-Limit")).hasValue("0.0056");
            assertThat(Http.json(bare).get("orders")).hasSize(100);
            assertThat(Http.json(bare).get("orders").get(0).has("fulfillment")).isFalse();

            var full = Amazon.call(
                    search("lastUpdatedAfter", ago("P2D")) + "&includedData=PROCEEDS,FULFILLMENT", tokens.access());
            ORDERS_MODEL.accepts("SearchOrdersResponse", full);
            JsonNode order = Http.json(full).get("orders").get(0);
            assertThat(order.at("/fulfillment/fulfillmentStatus").asText()).isNotEmpty();
            assertThat(order.at("/proceeds/grandTotal/amount").asText()).isNotEmpty();
            assertThat(order.at("/orderItems/0/product/sellerSku").asText()).startsWith("SKU-");
            assertThat(order.has("buyer")).isFalse();
        }

        @Test
        void an_open_end_is_two_minutes_ago_and_told() {
            var response = Amazon.call(search("lastUpdatedAfter", ago("PT3H")), tokens.access());

            java.time.Instant end = java.time.Instant.parse(
                    Http.json(response).get("lastUpdatedBefore").asText());
            assertThat(Duration.between(end, Amazon.now())).isBetween(Duration.ofMinutes(2), Duration.ofMinutes(20));
        }

        @Test
        void created_orders_echo_created_before() {
            String before = ago("PT1H");
            var response =
                    Amazon.call(ORDERS + "?createdAfter=" + ago("P1D") + "&createdBefore=" + before, tokens.access());

            ORDERS_MODEL.accepts("SearchOrdersResponse", response);
            assertThat(Http.json(response).get("createdBefore").asText()).isEqualTo(before);
            assertThat(Http.json(response).get("orders")).isNotEmpty();
        }

        @Test
        void orders_of_a_page_come_in_no_order() {
            var response = Amazon.call(search("lastUpdatedAfter", ago("P2D")), tokens.access());

            List<String> times = StreamSupport.stream(
                            Http.json(response).get("orders").spliterator(), false)
                    .map(order -> order.get("lastUpdatedTime").asText())
                    .toList();
            assertThat(times).isNotEqualTo(times.stream().sorted().toList());
        }

        @Test
        void filters_narrow_the_result() {
            String marketplace = seller.marketplaces().get(1);
            var response = Amazon.call(
                    search("lastUpdatedAfter", ago("P2D")) + "&marketplaceIds=" + marketplace
                            + "&fulfillmentStatuses=SHIPPED&fulfilledBy=AMAZON&includedData=FULFILLMENT",
                    tokens.access());

            assertThat(Http.json(response).get("orders")).isNotEmpty().allSatisfy(order -> {
                assertThat(order.at("/salesChannel/marketplaceId").asText()).isEqualTo(marketplace);
                assertThat(order.at("/fulfillment/fulfillmentStatus").asText()).isEqualTo("SHIPPED");
                assertThat(order.at("/fulfillment/fulfilledBy").asText()).isEqualTo("AMAZON");
            });
        }

        @Test
        void a_marketplace_of_another_region_is_denied() {
            var response = Amazon.call(
                    search("lastUpdatedAfter", ago("P2D")) + "&marketplaceIds=A1PA6795UKMFR9", tokens.access());

            assertThat(response.statusCode()).isEqualTo(403);
            assertThat(error(response).get("details").asText())
                    .isEqualTo("The marketplaces you provided are not valid for region.");
        }

        @Test
        void wrong_parameters_are_invalid_input() {
            String start = ago("P2D");
            List<String> wrong = List.of(
                    ORDERS,
                    ORDERS + "?createdAfter=" + start + "&lastUpdatedAfter=" + start,
                    ORDERS + "?createdAfter=" + start + "&lastUpdatedBefore=" + ago("P1D"),
                    ORDERS + "?lastUpdatedAfter=" + start + "&createdBefore=" + ago("P1D"),
                    ORDERS + "?lastUpdatedAfter=TEST_CASE_400",
                    ORDERS + "?lastUpdatedAfter=2026-01-01",
                    search("lastUpdatedAfter", start) + "&lastUpdatedBefore=" + ago("P3D"),
                    search("lastUpdatedAfter", start) + "&MarketplaceIds=ATVPDKIKX0DER",
                    search("lastUpdatedAfter", start) + "&maxResultsPerPage=0",
                    search("lastUpdatedAfter", start) + "&maxResultsPerPage=101",
                    search("lastUpdatedAfter", start) + "&maxResultsPerPage=many",
                    search("lastUpdatedAfter", start) + "&fulfillmentStatuses=CANCELED",
                    search("lastUpdatedAfter", start) + "&fulfilledBy=ME",
                    search("lastUpdatedAfter", start) + "&includedData=EVERYTHING",
                    search("lastUpdatedAfter", start) + "&paginationToken=garbage");
            for (String path : wrong) {
                var response = Amazon.call(path, tokens.access());

                assertThat(response.statusCode()).as(path).isEqualTo(400);
                assertThat(error(response).get("code").asText()).isEqualTo("InvalidInput");
                assertThat(response.headers().firstValue("x-amzn-RateLimit-Limit"))
                        .hasValue("0.0056");
            }
        }

        @Test
        void an_end_must_be_two_minutes_old() {
            String young = search("lastUpdatedAfter", ago("P1D")) + "&lastUpdatedBefore=" + ago("PT30S");
            String old = search("lastUpdatedAfter", ago("P1D")) + "&lastUpdatedBefore=" + ago("PT2M10S");

            assertThat(Amazon.call(young, tokens.access()).statusCode()).isEqualTo(400);
            assertThat(Amazon.call(old, tokens.access()).statusCode()).isEqualTo(200);
        }
    }

    @Nested
    class Paging {

        @Test
        void the_union_of_all_pages_is_the_truth() {
            String after = ago("P4D");
            String before = ago("PT3M");
            Set<String> truthBefore = truth(after, before);

            Pages pages = new Pages(search("lastUpdatedAfter", after) + "&lastUpdatedBefore=" + before);
            Set<String> read = pages.all();

            // an order may move on while the pages are read, so the truth is taken on both sides
            assertThat(truthBefore).hasSizeGreaterThan(400).containsAll(read);
            assertThat(read).containsAll(truth(after, before));
            assertThat(pages.duplicates).isZero();
        }

        @Test
        void orders_that_move_on_in_mid_run_are_found_by_the_next_window() {
            String after = ago("P3D");
            String before = ago("PT3M");
            Pages first = new Pages(
                    search("lastUpdatedAfter", after) + "&lastUpdatedBefore=" + before + "&maxResultsPerPage=50");
            first.next();
            Amazon.advance("1d");
            tokens = Amazon.tokens(Amazon.refresh(app, tokens.refresh()));
            // the page token lives 24 hours and is over now; the window is read again from its start
            assertThat(first.next().statusCode()).isEqualTo(400);

            Set<String> read = new HashSet<>(first.ids);
            read.addAll(new Pages(search("lastUpdatedAfter", after) + "&lastUpdatedBefore=" + before).all());
            read.addAll(new Pages(search("lastUpdatedAfter", before)).all());

            assertThat(read).containsAll(truth(after, ago("PT5M")));
        }

        @Test
        void a_page_token_is_bound_to_its_query_but_not_to_page_size_and_included_data() {
            String query = search("lastUpdatedAfter", ago("P2D"));
            Pages pages = new Pages(query + "&maxResultsPerPage=10");
            pages.next();
            String token = "&paginationToken=" + pages.token;

            assertThat(Amazon.call(query + "&maxResultsPerPage=20&includedData=PROCEEDS" + token, tokens.access())
                            .statusCode())
                    .isEqualTo(200);
            for (String other : List.of(
                    search("lastUpdatedAfter", ago("P1D")) + token,
                    query + "&fulfilledBy=AMAZON" + token,
                    query + "&lastUpdatedBefore=" + ago("PT1H") + token)) {
                assertThat(Amazon.call(other, tokens.access()).statusCode()).isEqualTo(400);
            }
            Amazon.App otherApp = Amazon.publishedApp();
            Amazon.Tokens otherTokens = Amazon.authorize(seller, otherApp);
            assertThat(Amazon.call(query + token, otherTokens.access()).statusCode())
                    .isEqualTo(400);
        }

        @Test
        void a_page_token_lives_24_hours() {
            Pages pages = new Pages(search("lastUpdatedAfter", ago("P2D")) + "&maxResultsPerPage=10");
            pages.next();
            Amazon.advance("23h");
            tokens = Amazon.tokens(Amazon.refresh(app, tokens.refresh()));
            assertThat(pages.next().statusCode()).isEqualTo(200);

            Amazon.advance("24h");
            tokens = Amazon.tokens(Amazon.refresh(app, tokens.refresh()));
            assertThat(pages.next().statusCode()).isEqualTo(400);
        }

        private final class Pages {

            private final String query;
            private final Set<String> ids = new HashSet<>();
            private String token;
            private int duplicates;

            Pages(String query) {
                this.query = query;
            }

            HttpResponse<String> next() {
                var response = Amazon.call(query + (token == null ? "" : "&paginationToken=" + token), tokens.access());
                if (response.statusCode() == 200) {
                    Http.json(response).get("orders").forEach(order -> {
                        duplicates += ids.add(order.get("orderId").asText()) ? 0 : 1;
                    });
                    JsonNode next = Http.json(response).at("/pagination/nextToken");
                    token = next.isMissingNode() ? null : next.asText();
                }
                return response;
            }

            Set<String> all() {
                do {
                    assertThat(next().statusCode()).isEqualTo(200);
                } while (token != null);
                return ids;
            }
        }
    }

    @Nested
    class OneOrder {

        @Test
        void an_order_is_found_by_its_id_and_only_by_its_own_seller() {
            String id = truth(ago("P2D"), ago("PT1H")).iterator().next();

            var found = Amazon.call(ORDERS + "/" + id + "?includedData=FULFILLMENT", tokens.access());
            assertThat(found.statusCode()).isEqualTo(200);
            ORDERS_MODEL.accepts("GetOrderResponse", found);
            assertThat(Http.json(found).at("/order/orderId").asText()).isEqualTo(id);
            assertThat(found.headers().firstValue("x-amzn-RateLimit-Limit")).hasValue("0.5");

            Amazon.Tokens other = Amazon.authorize(Amazon.seller("Harbor Lane Toys"), app);
            var foreign = Amazon.call(ORDERS + "/" + id, other.access());
            assertThat(foreign.statusCode()).isEqualTo(404);
            assertThat(error(foreign).get("code").asText()).isEqualTo("NotFound");
        }

        @Test
        void an_unknown_or_malformed_id_is_not_found() {
            for (String id : List.of("111-1111111-1111111", "x", "000-0000000-0000000")) {
                assertThat(Amazon.call(ORDERS + "/" + id, tokens.access()).statusCode())
                        .isEqualTo(404);
            }
        }

        @Test
        void injected_orders_are_like_the_others() {
            Amazon.Seller quiet = Amazon.seller("Juniper Trail");
            String from = ago("P1D");
            String to = ago("PT1H");
            Set<String> before = truth(quiet, ago("P2D"), ago("PT3M"));

            var injected = http.postJson(
                    "/sandbox/sellers/" + quiet.id() + "/orders?count=150&from=" + from + "&to=" + to, Map.of());

            assertThat(injected.statusCode()).isEqualTo(201);
            Set<String> after = truth(quiet, ago("P2D"), ago("PT3M"));
            after.removeAll(before);
            assertThat(after).hasSizeBetween(140, 160);
            Amazon.Tokens own = Amazon.authorize(quiet, app);
            assertThat(Amazon.call(ORDERS + "/" + after.iterator().next(), own.access())
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Nested
    class UsagePlan {

        @Test
        void after_the_burst_429_until_the_domain_clock_refills_the_bucket() {
            String query = search("lastUpdatedAfter", ago("PT1H"));
            for (int i = 0; i < 20; i++) {
                assertThat(Amazon.call(query, tokens.access()).statusCode()).isEqualTo(200);
            }

            var refused = Amazon.call(query, tokens.access());
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(error(refused).get("code").asText()).isEqualTo("QuotaExceeded");
            assertThat(error(refused).get("message").asText())
                    .isEqualTo("You exceeded your quota for the requested resource.");
            assertThat(refused.headers().firstValue("x-amzn-RateLimit-Limit")).isEmpty();
            assertThat(refused.headers().firstValue("Retry-After")).isEmpty();
            assertThat(Amazon.call(PARTICIPATIONS, tokens.access()).statusCode())
                    .as("another operation has its own bucket")
                    .isEqualTo(200);
            Amazon.Tokens otherSeller = Amazon.authorize(Amazon.seller("Harbor Lane Toys"), app);
            assertThat(Amazon.call(query, otherSeller.access()).statusCode())
                    .as("another seller has its own bucket")
                    .isEqualTo(200);

            Amazon.advance("181s");
            assertThat(Amazon.call(query, tokens.access()).statusCode()).isEqualTo(200);
            assertThat(Amazon.call(query, tokens.access()).statusCode()).isEqualTo(429);
        }

        @Test
        void the_plan_can_change() {
            Amazon.faults(List.of(Map.of("operation", "searchOrders", "kind", "quota", "rate", 0.0056, "burst", 2)));
            String query = search("lastUpdatedAfter", ago("PT1H"));

            assertThat(List.of(
                            Amazon.call(query, tokens.access()).statusCode(),
                            Amazon.call(query, tokens.access()).statusCode(),
                            Amazon.call(query, tokens.access()).statusCode()))
                    .containsExactly(200, 200, 429);
        }
    }

    private static String search(String parameter, String instant) {
        return ORDERS + "?" + parameter + "=" + instant;
    }

    private static String ago(String duration) {
        return Amazon.now()
                .minus(Duration.parse(duration))
                .truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
                .toString();
    }

    private Set<String> truth(String after, String before) {
        return truth(seller, after, before);
    }

    private Set<String> truth(Amazon.Seller account, String after, String before) {
        Set<String> ids = new HashSet<>();
        Http.json(http.get("/sandbox/orders?seller=" + account.id() + "&updatedAfter=" + after + "&updatedBefore="
                        + before))
                .forEach(order -> ids.add(order.get("orderId").asText()));
        return ids;
    }

    private static JsonNode error(HttpResponse<String> response) {
        return Http.json(response).get("errors").get(0);
    }
}
