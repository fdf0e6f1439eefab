package io.perennial.bench.ingest;

import io.perennial.bench.lab.FetchTables;
import io.perennial.bench.lab.Lab;
import io.perennial.contracts.Money;
import io.perennial.contracts.OrderItem;
import io.perennial.fetch.orders.ProviderAnswer.Page;
import io.perennial.fetch.orders.SellerOrder;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Pages of a hundred orders each, made once; the same for every seller but for the ids. */
record ReadyPages(int sellers, int pagesEach) {
    static final int ORDERS = 100;
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final long SPREAD_SECONDS = 27L * 86_400;

    int orders() {
        return sellers * pagesEach * ORDERS;
    }

    /** Nothing is stored, and a fetch of each seller is due. */
    void begin(Lab lab) {
        lab.execute(
                FetchTables.DATABASE,
                "truncate connection_view, fetch_job, order_digest, coverage, load_month, outbox cascade",
                """
                insert into connection_view (connection_id, tenant_id, external_id, provider, region, generation, state,
                                             seen_sequence)
                select ('01990000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'tenant-' || n %% 20, 'shop-' || n,
                       'AMAZON_SELLER', 'EU', 1, 'ACTIVE', 1
                from generate_series(1, %d) as n
                """
                        .formatted(sellers));
        beginFetches(lab);
        lab.settle(FetchTables.DATABASE);
    }

    /** One more fetch of each seller is due. */
    void beginFetches(Lab lab) {
        lab.execute(
                FetchTables.DATABASE,
                """
                insert into fetch_job (id, connection_id, tenant_id, reason, state, marketplaces, window_from, window_to,
                                       part_from, part_to, caused_at, requested_at, next_attempt_at, priority)
                select gen_random_uuid(), connection_id, tenant_id, 'DAILY', 'RUNNING', '{*}', '2026-02-01Z', '2026-03-01Z',
                       '2026-02-01Z', '2026-03-01Z', '2026-03-01Z', '2026-03-01Z', '2026-03-01Z', 1
                from connection_view
                """);
    }

    /** The pages of every seller: order ids only have to be unique for each of them. */
    List<Page> make() {
        List<Page> pages = new ArrayList<>();
        for (int number = 0; number < pagesEach; number++) {
            List<SellerOrder> orders = new ArrayList<>();
            for (int i = 0; i < ORDERS; i++) {
                orders.add(order(number * ORDERS + i));
            }
            boolean last = number == pagesEach - 1;
            pages.add(new Page(List.copyOf(orders), List.of(), last ? null : "token-" + number, NOW));
        }
        return List.copyOf(pages);
    }

    private SellerOrder order(int number) {
        Instant updated = Instant.parse("2026-02-02T00:00:00Z")
                .plusSeconds(SPREAD_SECONDS * number / ((long) pagesEach * ORDERS));
        List<OrderItem> items = new ArrayList<>();
        for (int item = 0; item <= number % 3 / 2; item++) {
            items.add(new OrderItem(
                    "%014d".formatted(number * 10L + item),
                    "SKU-%05d".formatted(number % 400),
                    "B0%08d".formatted(number % 400),
                    1 + number % 2,
                    new Money(new BigDecimal("19.99"), "EUR")));
        }
        return new SellerOrder(
                "%03d-%07d-%07d".formatted(100 + number % 900, number, number * 7 % 10_000_000),
                "A1PA6795UKMFR9",
                updated.minusSeconds(86_400),
                updated,
                "SHIPPED",
                "AMAZON",
                List.copyOf(items),
                new Money(new BigDecimal("39.98"), "EUR"));
    }
}
