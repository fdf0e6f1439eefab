package io.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.perennial.merchants.Api;
import io.perennial.merchants.Seller;
import io.perennial.testsupport.Events;
import io.perennial.testsupport.ReceivedEvent;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The orders of a seller: as the provider knows them, and as they came out on Kafka. */
final class Orders {
    private Orders() {}

    /** Ids of the orders that were updated in the window, by the provider's own book. */
    static Set<String> truth(House house, Seller seller, Instant from, Instant to) {
        Set<String> ids = new TreeSet<>();
        String query = "/sandbox/orders?seller=" + seller.id() + "&updatedAfter=" + encode(from) + "&updatedBefore="
                + encode(to);
        for (JsonNode order : house.sandbox().get(query)) {
            ids.add(order.get("orderId").asText());
        }
        return ids;
    }

    /** When an order was placed, and when it was last updated. */
    record Times(Instant created, Instant updated) {}

    /** All orders that were updated since an instant, by id: the provider's own book as it stands now. */
    static Map<String, Times> book(House house, Seller seller, Instant since) {
        Map<String, Times> book = new TreeMap<>();
        for (JsonNode order :
                house.sandbox().get("/sandbox/orders?seller=" + seller.id() + "&updatedAfter=" + encode(since))) {
            Times times = new Times(
                    Instant.parse(order.get("createdTime").asText()),
                    Instant.parse(order.get("lastUpdatedTime").asText()));
            book.put(order.get("orderId").asText(), times);
        }
        return book;
    }

    /** The seller gets so many more orders, as if they had always been there. */
    static void give(House house, Seller seller, int count, Instant from, Instant to) {
        Api.Answer answer = house.sandbox()
                .call(
                        "POST",
                        "/sandbox/sellers/%s/orders?count=%d&from=%s&to=%s"
                                .formatted(seller.id(), count, encode(from), encode(to)),
                        "{}");
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
    }

    /** Distinct ids of the orders that a fetch published, all of them: they go another way than word of its end. */
    static Set<String> published(Events orders, ReceivedEvent completed) {
        JsonNode fetch = completed.data();
        Predicate<ReceivedEvent> ofTheFetch = event -> event.type().equals("OrderFetched")
                && event.data().get("fetchId").equals(fetch.get("fetchId"));
        orders.awaitCount(
                fetch.get("ordersNew").asInt() + fetch.get("ordersUpdated").asInt(), "orders of the fetch", ofTheFetch);
        return orders.upToNow().stream()
                .filter(ofTheFetch)
                .map(event -> event.data().get("orderId").asText())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String encode(Instant instant) {
        return URLEncoder.encode(instant.toString(), StandardCharsets.UTF_8);
    }
}
