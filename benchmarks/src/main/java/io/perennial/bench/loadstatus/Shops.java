package io.perennial.bench.loadstatus;

import io.perennial.bench.lab.FetchTables;
import io.perennial.bench.lab.Lab;
import java.time.LocalDate;
import java.util.Random;
import java.util.UUID;

/**
 * Connections with three months of days and a few fetches each. The connections of a tenant, and the rows of a connection,
 * lie far from each other, as where many tenants grow at the same time.
 */
record Shops(int connections, int tenants) {
    static final LocalDate FIRST = LocalDate.parse("2026-02-10");
    static final LocalDate LAST = LocalDate.parse("2026-04-10");
    static final int ON_A_PAGE = 50;
    static final int DAYS = 60;

    void create(Lab lab) {
        lab.execute(
                FetchTables.DATABASE,
                """
                insert into connection_view (connection_id, tenant_id, external_id, provider, region, generation,
                                             marketplaces, state, seen_sequence)
                select ('01990000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'tenant-' || (n %% %d), 'shop-' || n,
                       'AMAZON_SELLER', 'EU', 1, '{A1PA6795UKMFR9,A13V1IB3VIYZZH}', 'ACTIVE', 1
                from generate_series(1, %d) as n
                """
                        .formatted(tenants, connections),
                """
                insert into load_month (connection_id, month, orders, tenant_id, complete, touched)
                select connection_id, month, array_fill(3, array[31]), tenant_id, 2147483647, 2147483647
                from unnest('{2026-02-01,2026-03-01,2026-04-01}'::date[]) as month, connection_view
                """,
                """
                insert into fetch_job (id, connection_id, tenant_id, reason, state, marketplaces, window_from, window_to,
                                       part_from, part_to, caused_at, requested_at, completed_at, next_attempt_at, priority)
                select gen_random_uuid(), connection_id, tenant_id, 'DAILY', s.state, '{*}', '2026-04-01Z', '2026-04-02Z',
                       '2026-04-01Z', '2026-04-02Z', '2026-04-02Z', '2026-04-02Z', '2026-04-02Z',
                       case s.state when 'WAITING' then '2026-04-02Z'::timestamptz end, 1
                from unnest('{COMPLETED,WAITING}'::text[]) as s(state), connection_view
                """,
                "vacuum (analyze) connection_view",
                "vacuum (analyze) load_month",
                "vacuum (analyze) fetch_job",
                // the month that is being written is not all-visible
                "update load_month set orders = array_fill(4, array[31]) where month = '2026-04-01' and connection_id in"
                        + " (select connection_id from connection_view tablesample system (5))");
    }

    /** Somewhere among the connections, with a whole page after it. */
    After somewhere(Random random) {
        int beforeTheLastPage = connections - (ON_A_PAGE + 1) * tenants;
        int n = 1 + random.nextInt(Math.max(1, beforeTheLastPage));
        return new After(
                "tenant-" + n % tenants,
                new UUID(0x0199_0000_0000_7000L, Long.parseUnsignedLong("8000" + "%012d".formatted(n), 16)));
    }

    /** What was shown last. */
    record After(String tenant, UUID connection) {}
}
