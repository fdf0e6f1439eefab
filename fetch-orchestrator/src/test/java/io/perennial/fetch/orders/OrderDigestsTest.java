package io.perennial.fetch.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.contracts.OrderChange;
import io.perennial.fetch.MigratedDatabase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OrderDigestsTest {
    private static final Instant TIME = Instant.parse("2026-03-01T12:00:00Z");
    private static final String ORDER = "302-0000001-0000001";

    private static MigratedDatabase database;

    private final OrderDigests digests = new OrderDigests();
    private final UUID connection = UUID.randomUUID();

    @BeforeAll
    static void migrate() {
        database = new MigratedDatabase("fetch_digests");
    }

    @AfterAll
    static void close() {
        database.close();
    }

    /** A report tells seconds, a search milliseconds: the same update. */
    @Test
    void of_the_same_update_time_a_search_wins_over_a_report_whichever_comes_first() {
        assertThat(reported("Shipping", TIME)).containsEntry(ORDER, OrderChange.NEW);
        assertThat(searched("SHIPPED", TIME.plusMillis(250))).containsEntry(ORDER, OrderChange.UPDATED);
        assertThat(reported("Shipping", TIME)).as("comes again").isEmpty();
        assertThat(searched("SHIPPED", TIME.plusMillis(250))).as("stood").isEmpty();
        assertThat(reported("CANCELLED", TIME.plusSeconds(1)))
                .as("a later update")
                .containsEntry(ORDER, OrderChange.UPDATED);
        assertThat(searched("SHIPPED", TIME.plusMillis(250)))
                .as("an earlier one")
                .isEmpty();
    }

    @Test
    void of_the_very_same_instant_a_search_still_wins() {
        assertThat(reported("Shipping", TIME)).containsEntry(ORDER, OrderChange.NEW);
        assertThat(searched("SHIPPED", TIME)).containsEntry(ORDER, OrderChange.UPDATED);
        assertThat(reported("Shipping", TIME)).isEmpty();
    }

    private Map<String, OrderChange> searched(String status, Instant updatedAt) {
        return record(status, updatedAt, false);
    }

    private Map<String, OrderChange> reported(String status, Instant updatedAt) {
        return record(status, updatedAt, true);
    }

    private Map<String, OrderChange> record(String status, Instant updatedAt, boolean report) {
        SellerOrder order =
                new SellerOrder(ORDER, "A1PA6795UKMFR9", TIME, updatedAt, status, "AMAZON", List.of(), null);
        return database.pool()
                .withTransaction(tx -> digests.record(tx, connection, List.of(order), report))
                .await()
                .indefinitely();
    }
}
