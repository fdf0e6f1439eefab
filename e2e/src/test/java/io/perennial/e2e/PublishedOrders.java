package io.perennial.e2e;

import io.perennial.contracts.Topics;
import io.perennial.testsupport.Events;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Orders as they came out on Kafka, however many: of each record no more is kept than what is asked. */
final class PublishedOrders implements AutoCloseable {
    private final Events events;
    private final List<Publication> all = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private int repeated;

    private PublishedOrders(Events events) {
        this.events = events;
    }

    record Publication(String connection, String fetch, String order) {}

    static PublishedOrders fromNow(House house) {
        return new PublishedOrders(Events.fromNow(house.stack().bootstrapServers(), Topics.ORDERS));
    }

    /** What was published so far, each event once. */
    List<Publication> upToNow() {
        events.drainUpToNow(event -> {
            if (!event.type().equals("OrderFetched")) {
                return;
            }
            if (!seen.add(event.id())) {
                repeated++;
                return;
            }
            all.add(new Publication(
                    event.connectionId(),
                    event.data().get("fetchId").asText(),
                    event.data().get("orderId").asText()));
        });
        return all;
    }

    /** Records that repeat another one, as a delivery at least once may. */
    int repeated() {
        return repeated;
    }

    @Override
    public void close() {
        events.close();
    }
}
