package io.perennial.fetch.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.fetch.MigratedDatabase;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FetchListTest {
    private static final UUID BULK = UUID.fromString("01990000-0000-7000-a000-000000000001");

    /** Of the bulk's own, 10,001 to 15,000, less than a page is left behind it. */
    private static final UUID NEAR_THE_END = UUID.fromString("01990000-0000-7000-8000-000000010041");

    @Test
    void a_page_of_a_bulks_fetches_reads_nothing_beside_them_also_the_last_one() {
        try (MigratedDatabase database = new MigratedDatabase("fetch_lists")) {
            database.execute(
                    """
                    insert into connection_view (connection_id, tenant_id, external_id, provider, region, generation, state,
                                                 seen_sequence)
                    select ('01990000-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid, 'tenant-' || n % 2, 'shop-' || n,
                           'AMAZON_SELLER', 'EU', 1, 'ACTIVE', 1
                    from generate_series(0, 4999) as n
                    """);
            database.execute(
                    """
                    insert into fetch_job (id, connection_id, tenant_id, reason, state, marketplaces, window_from, window_to,
                                           part_from, part_to, caused_at, requested_at, completed_at, priority, bulk_id)
                    select ('01990000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid,
                           ('01990000-0000-7000-9000-' || lpad((n %% 5000)::text, 12, '0'))::uuid, 'tenant-' || n %% 2,
                           'MANUAL', 'COMPLETED', '{*}', '2026-01-01Z', '2026-01-02Z', '2026-01-01Z', '2026-01-02Z',
                           '2026-01-02Z', '2026-01-02Z', '2026-01-02Z', 1, case when n between 10001 and 15000 then '%s'::uuid end
                    from generate_series(1, 40000) as n
                    """
                            .formatted(BULK));
            database.execute("vacuum (analyze) connection_view, fetch_job");
            for (String[] tenants : new String[][] {null, {"tenant-1"}}) {
                assertThat(page(database, tenants, null)).isBetween(1L, 180L);
                assertThat(page(database, tenants, NEAR_THE_END)).isBetween(1L, 180L);
            }
        }
    }

    private static long page(MigratedDatabase database, String @Nullable [] tenants, @Nullable UUID before) {
        return database.buffers(
                FetchList.FIND_OF_BULK, Tuple.from(Arrays.asList(tenants, null, null, null, before, 51, BULK)));
    }
}
