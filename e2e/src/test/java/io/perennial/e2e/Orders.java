package io.perennial.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.perennial.testsupport.Events;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;

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

    /** Distinct ids of the orders that a fetch published. */
    static Set<String> published(Events orders, String fetchId) {
        Set<String> ids = new TreeSet<>();
        orders.upToNow().stream()
                .filter(event -> event.type().equals("OrderFetched"))
                .filter(event -> event.data().get("fetchId").asText().equals(fetchId))
                .forEach(event -> ids.add(event.data().get("orderId").asText()));
        return ids;
    }

    private static String encode(Instant instant) {
        return URLEncoder.encode(instant.toString(), StandardCharsets.UTF_8);
    }
}
