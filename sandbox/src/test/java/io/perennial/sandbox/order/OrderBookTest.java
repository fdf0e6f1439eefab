package io.perennial.sandbox.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.sandbox.SandboxDatabase;
import io.perennial.sandbox.order.OrderQuery.Axis;
import io.perennial.sandbox.sellingpartner.SellingPartner;
import io.perennial.sandbox.sellingpartner.SellingPartner.Kind;
import io.perennial.sandbox.sellingpartner.SellingPartners;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(SandboxDatabase.class)
class OrderBookTest {

    private static final Instant NOW = Instant.parse("2027-03-15T10:00:00Z");
    private static final Duration YEAR = Duration.ofDays(365);

    @Inject
    OrderBook book;

    @Inject
    SellingPartners partners;

    @Test
    void a_usual_seller_gets_about_three_orders_a_day_and_the_big_one_far_more() {
        assertThat(created(usual(), YEAR)).hasSizeBetween(900, 1300);
        assertThat(created(big(), Duration.ofDays(10))).hasSizeBetween(1200, 1800);
    }

    @Test
    void orders_are_the_same_however_they_are_read() {
        List<PlacedOrder> whole = updated(usual(), YEAR);

        List<PlacedOrder> inPages = new ArrayList<>();
        OrderQuery.Position position = null;
        List<PlacedOrder> page;
        do {
            page = book.read(query(usual(), Axis.UPDATED, YEAR, position), 7, NOW);
            inPages.addAll(page);
            if (!page.isEmpty()) {
                PlacedOrder last = page.get(page.size() - 1);
                position = new OrderQuery.Position(last.lastUpdatedTime(NOW), last.orderId());
            }
        } while (!page.isEmpty());

        assertThat(inPages).isEqualTo(whole);
        assertThat(whole).extracting(PlacedOrder::orderId).doesNotHaveDuplicates();
    }

    @Test
    void every_order_of_a_window_is_found_by_its_id() {
        assertThat(created(usual(), Duration.ofDays(60)))
                .allSatisfy(order ->
                        assertThat(book.find(usual(), order.orderId(), NOW)).contains(order));
    }

    @Test
    void an_order_moves_on_with_the_clock_and_never_back() {
        PlacedOrder order = created(usual(), Duration.ofDays(40)).get(0);
        Instant last = Instant.MIN;
        for (Instant now = order.createdTime(); now.isBefore(NOW); now = now.plusSeconds(1800)) {
            Instant updated = order.lastUpdatedTime(now);
            assertThat(updated).isAfterOrEqualTo(last).isBeforeOrEqualTo(now);
            last = updated;
        }
        assertThat(order.statusAt(order.createdTime())).isEqualTo(FulfillmentStatus.PENDING);
        assertThat(order.statusAt(NOW)).isIn(FulfillmentStatus.SHIPPED, FulfillmentStatus.CANCELLED);
        assertThat(last).isAfter(order.createdTime());
    }

    @Test
    void nothing_of_the_future_is_seen() {
        OrderQuery query =
                new OrderQuery(big(), Axis.CREATED, NOW.minus(Duration.ofDays(1)), NOW.plus(YEAR), order -> true, null);

        assertThat(book.read(query, Integer.MAX_VALUE, NOW)).isNotEmpty().allMatch(order -> !order.createdTime()
                .isAfter(NOW));
    }

    private List<PlacedOrder> created(SellingPartner seller, Duration back) {
        return book.read(query(seller, Axis.CREATED, back, null), Integer.MAX_VALUE, NOW);
    }

    private List<PlacedOrder> updated(SellingPartner seller, Duration back) {
        return book.read(query(seller, Axis.UPDATED, back, null), Integer.MAX_VALUE, NOW);
    }

    private static OrderQuery query(SellingPartner seller, Axis axis, Duration back, OrderQuery.Position after) {
        return new OrderQuery(seller, axis, NOW.minus(back), NOW, order -> true, after);
    }

    private SellingPartner big() {
        return partners.ofKind(Kind.SELLER).get(0);
    }

    private SellingPartner usual() {
        return partners.ofKind(Kind.SELLER).get(3);
    }
}
