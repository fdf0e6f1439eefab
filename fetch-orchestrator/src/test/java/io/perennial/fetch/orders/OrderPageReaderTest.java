package io.perennial.fetch.orders;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrderPageReaderTest {
    private static final String GOOD =
            """
            {"orderId":"302-1234567-1234567","createdTime":"2026-01-01T10:00:00Z","lastUpdatedTime":"2026-01-02T10:00:00Z",
             "salesChannel":{"channelName":"AMAZON","marketplaceId":"A1PA6795UKMFR9"},
             "buyer":{"buyerName":"Jane Roe","buyerEmail":"jane@buyer.invalid"},
             "recipient":{"deliveryAddress":{"name":"Jane Roe","addressLine1":"1 Main Street"}},
             "fulfillment":{"fulfillmentStatus":"SHIPPED","fulfilledBy":"MERCHANT"},
             "proceeds":{"grandTotal":{"amount":"39.80","currencyCode":"EUR"}},
             "orderItems":[{"orderItemId":"1","quantityOrdered":2,"product":{"asin":"B000000001","sellerSku":"SKU-1",
               "price":{"unitPrice":{"amount":"19.90","currencyCode":"EUR"}}}}]}""";

    @Test
    void an_order_is_read_without_buyer_and_address() {
        SellerOrder order = read(GOOD).orders().get(0);
        assertThat(order.status()).isEqualTo("SHIPPED");
        assertThat(order.channel()).isEqualTo("MERCHANT");
        assertThat(order.items()).singleElement().satisfies(item -> {
            assertThat(item.sku()).isEqualTo("SKU-1");
            assertThat(item.quantity()).isEqualTo(2);
        });
        assertThat(order.toString()).doesNotContain("Jane", "Main Street", "buyer.invalid");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    302-1234567-1234567 | ../../etc/passwd            | orderId has not the form it should have
                    "orderId"           | "ordId"                     | orderId is missing
                    2026-01-01T10       | yesterday                   | createdTime is not a time
                    2026-01-01T10       | +300000-01-01T10            | createdTime is not a time
                    2026-01-02T10       | 9999-12-31T10               | lastUpdatedTime is not a time
                    2026-01-02T10       | 0001-01-01T10               | lastUpdatedTime is not a time
                    "lastUpdatedTime"   | "lut"                       | lastUpdatedTime is missing
                    "39.80"             | "1e999999999"               | proceeds.grandTotal is not an amount
                    "quantityOrdered":2 | "quantityOrdered":-1        | quantityOrdered is not a quantity
                    "quantityOrdered":2 | "quantityOrdered":"2"       | quantityOrdered is not a quantity
                    "orderItems":[      | "items":[                   | orderItems is missing
                    """)
    void a_malformed_order_is_set_aside_and_the_rest_of_the_page_is_read(String part, String broken, String reason) {
        String bad = GOOD.replaceFirst(
                java.util.regex.Pattern.quote(part), java.util.regex.Matcher.quoteReplacement(broken));
        String other = GOOD.replace("302-1234567-1234567", "302-7654321-7654321");
        ProviderAnswer.Page page = read(bad, other);
        assertThat(page.orders()).extracting(SellerOrder::orderId).containsExactly("302-7654321-7654321");
        assertThat(page.setAside()).singleElement().satisfies(order -> {
            assertThat(order.reason()).isEqualTo(reason);
            assertThat(String.valueOf(order.orderId())).doesNotContain("passwd");
        });
    }

    @Test
    void an_unknown_status_is_passed_on() {
        assertThat(read(GOOD.replace("SHIPPED", "TELEPORTED")).orders().get(0).status())
                .isEqualTo("TELEPORTED");
    }

    @Test
    void of_an_order_that_stands_twice_on_a_page_the_later_state_counts() {
        String later = GOOD.replace("2026-01-02T10", "2026-01-03T10").replace("SHIPPED", "CANCELLED");
        assertThat(read(later, GOOD).orders()).extracting(SellerOrder::status).containsExactly("CANCELLED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "<html>busy</html>",
                "{\"orders\":{}}",
                "{\"orders\":[]",
                "{\"orders\":[],\"pagination\":{\"nextToken\":7}}",
                "{\"orders\":[],\"pagination\":{\"nextToken\":\"\"}}"
            })
    void what_is_no_page_is_no_page(String body) {
        assertThat(OrderPageReader.read(body.getBytes(StandardCharsets.UTF_8))).isEmpty();
    }

    @Test
    void digests_differ_by_published_content_only() {
        SellerOrder order = read(GOOD).orders().get(0);
        assertThat(read(GOOD.replace("Jane Roe", "John Doe")).orders().get(0).digest())
                .isEqualTo(order.digest());
        assertThat(read(GOOD.replace("39.80", "41.00")).orders().get(0).digest())
                .isEqualTo(order.digest());
        List.of("\"SHIPPED\"/\"PENDING\"", "SKU-1/SKU-2", "2026-01-02T10/2026-01-02T11")
                .forEach(change -> {
                    String[] parts = change.split("/");
                    assertThat(read(GOOD.replace(parts[0], parts[1]))
                                    .orders()
                                    .get(0)
                                    .digest())
                            .isNotEqualTo(order.digest());
                });
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-03T10:00:00Z, 2026-01-03T10:00:00Z",
        "+300000-01-01T00:00:00Z,",
        "-300000-01-01T00:00:00Z, 1970-01-01T00:00:00Z"
    })
    void a_page_is_bounded_by_no_time_that_a_database_can_not_hold(String told, Instant bound) {
        String body = "{\"orders\":[],\"lastUpdatedBefore\":\"" + told + "\"}";
        assertThat(OrderPageReader.read(body.getBytes(StandardCharsets.UTF_8))
                        .orElseThrow()
                        .answeredTo())
                .isEqualTo(bound);
    }

    private static ProviderAnswer.Page read(String... orders) {
        String body = "{\"orders\":[" + String.join(",", orders) + "]}";
        return OrderPageReader.read(body.getBytes(StandardCharsets.UTF_8)).orElseThrow();
    }
}
