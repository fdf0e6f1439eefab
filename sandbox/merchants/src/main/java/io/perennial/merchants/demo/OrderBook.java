package io.perennial.merchants.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.perennial.contracts.Topics;
import io.perennial.launcher.stack.Stack;
import io.perennial.launcher.stack.StackService;
import io.perennial.merchants.Api;
import io.perennial.merchants.Shop;
import io.perennial.merchants.year.Listener;
import io.perennial.merchants.year.Told;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The orders of all shops as they came out on Kafka, beside those that the provider knows of the time that was read.
 *
 * @param known how many the provider knows
 * @param missed how many of them did not come out
 * @param doubled how many came out again although nothing about them had changed
 */
record OrderBook(long known, long missed, long doubled) {
    /** What is younger than this when it is asked for may lie behind what the provider answers. */
    private static final Duration SETTLING = Duration.ofMinutes(5);

    static OrderBook of(Stack stack, List<Shop> shops, List<Told> fetches) {
        Map<String, Set<String>> published = new HashMap<>();
        Set<String> ids = new HashSet<>();
        Set<String> versions = new HashSet<>();
        long[] doubled = new long[1];
        try (Listener listener = Listener.of(stack.bootstrapServers(), Topics.ORDERS)) {
            listener.upToNow(told -> {
                JsonNode order = told.data();
                String id = order.path("orderId").asText();
                published
                        .computeIfAbsent(told.connectionId(), none -> new HashSet<>())
                        .add(id);
                String version =
                        told.connectionId() + id + order.path("updatedAt").asText();
                if (ids.add(told.id()) && !versions.add(version)) {
                    doubled[0]++;
                }
            });
        }
        Api sandbox = new Api(stack.url(StackService.SANDBOX), "none");
        long known = 0;
        long missed = 0;
        for (Shop shop : shops) {
            Set<String> found = published.getOrDefault(shop.id(), Set.of());
            for (JsonNode order : truth(sandbox, shop, fetches)) {
                known++;
                missed += found.contains(order.path("orderId").asText()) ? 0 : 1;
            }
        }
        return new OrderBook(known, missed, doubled[0]);
    }

    /** From the beginning of the first fetch to the end of the last one there may be no hole. */
    private static Iterable<JsonNode> truth(Api sandbox, Shop shop, List<Told> fetches) {
        List<Told> own = fetches.stream()
                .filter(told -> told.connectionId().equals(shop.id()))
                .toList();
        if (own.isEmpty()) {
            return List.of();
        }
        Instant from = own.stream()
                .map(told -> told.instant("from"))
                .min(Instant::compareTo)
                .orElseThrow();
        Instant to = own.stream()
                .map(told -> told.instant("to"))
                .max(Instant::compareTo)
                .orElseThrow()
                .minus(SETTLING);
        return sandbox.get(
                "/sandbox/orders?seller=" + shop.seller().id() + "&updatedAfter=" + from + "&updatedBefore=" + to);
    }
}
