package io.perennial.fetch.loadstatus;

import static java.time.ZoneOffset.UTC;
import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.fetch.MigratedDatabase;
import io.perennial.fetch.connectionview.ConnectionView;
import io.perennial.fetch.connectionview.ViewState;
import io.perennial.fetch.loadstatus.LoadMonths.Day;
import io.perennial.fetch.loadstatus.LoadMonths.Days;
import io.perennial.fetch.watermark.CoverageStore;
import io.perennial.fetch.watermark.Interval;
import io.perennial.fetch.watermark.IntervalSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LoadMonthsTest {
    private static final LocalDate FIRST = LocalDate.parse("2026-02-10");
    private static final LocalDate LAST = LocalDate.parse("2026-04-10");
    private static final int TENANTS = 100;
    private static final int CONNECTIONS = 10_000;

    private static MigratedDatabase database;

    private final LoadMonths months = new LoadMonths();
    private final CoverageStore coverage = new CoverageStore();

    @BeforeAll
    static void migrate() {
        database = new MigratedDatabase("fetch_months");
        // The connections of a tenant lie far from each other, as where many tenants grow at the same time.
        database.execute(
                """
                insert into connection_view (connection_id, tenant_id, external_id, provider, region, generation,
                                             marketplaces, state, seen_sequence)
                select ('01990000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'tenant-' || (n % ?), 'shop-' || n,
                       'AMAZON_SELLER', 'EU', 1, '{A1PA6795UKMFR9,A13V1IB3VIYZZH}', 'ACTIVE', 1
                from generate_series(1, ?) as n
                """,
                TENANTS, CONNECTIONS);
        database.execute(
                """
                insert into load_month (connection_id, month, orders, tenant_id, complete, touched)
                select connection_id, month, array_fill(3, array[31]), tenant_id, 2147483647, 2147483647
                from connection_view, unnest('{2026-02-01,2026-03-01,2026-04-01}'::date[]) as month
                order by month, md5(connection_id::text)
                """);
        database.execute(
                """
                insert into fetch_job (id, connection_id, tenant_id, reason, state, marketplaces, window_from, window_to,
                                       part_from, part_to, caused_at, requested_at, completed_at, next_attempt_at, priority)
                select gen_random_uuid(), connection_id, tenant_id, 'DAILY', s.state, '{*}', '2026-04-01Z', '2026-04-02Z',
                       '2026-04-01Z', '2026-04-02Z', '2026-04-02Z', '2026-04-02Z', '2026-04-02Z',
                       case s.state when 'WAITING' then '2026-04-02Z'::timestamptz end, 1
                from connection_view, unnest('{COMPLETED,COMPLETED,COMPLETED,WAITING}'::text[]) as s(state)
                order by md5(connection_id::text || s.state)
                """);
        // Sixty days on which each fetch failed that read from the same watermark on: the last one tells of them all.
        database.execute(
                """
                insert into fetch_job (id, connection_id, tenant_id, reason, state, superseded, marketplaces, window_from,
                                       window_to, part_from, part_to, caused_at, requested_at, completed_at, priority)
                select gen_random_uuid(), connection_id, tenant_id, 'DAILY', 'FAILED', d < 60, '{*}', '2026-02-10Z',
                       '2026-02-10Z'::timestamptz + d * interval '1 day', '2026-02-10Z', '2026-02-11Z', '2026-04-02Z',
                       '2026-04-02Z', '2026-04-02Z', 1
                from connection_view, generate_series(1, 60) as d
                where tenant_id = 'tenant-7'
                order by md5(connection_id::text || d)
                """);
        for (String table : List.of("connection_view", "load_month", "fetch_job")) {
            database.execute("vacuum (analyze) " + table);
        }
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void a_page_of_fifty_connections_and_sixty_days_reads_at_most_two_hundred_buffers() {
        UUID[] ids = ids(50);
        assertThat(pageOf(ids)).isBetween(1L, 200L);
        // A month that is being written is not all-visible: its rows are looked at one by one.
        database.execute("update load_month set orders = array_fill(4, array[31]) where month = '2026-04-01'");
        assertThat(pageOf(ids)).isBetween(1L, 200L);
    }

    @Test
    void a_page_far_into_a_large_tenant_reads_no_more_than_the_first() {
        database.execute(
                """
                insert into connection_view (connection_id, tenant_id, external_id, provider, region, generation,
                                             marketplaces, state, seen_sequence)
                select ('01990000-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid, 'large', 'shop-' || n,
                       'AMAZON_SELLER', 'EU', 1, '{A1PA6795UKMFR9}', 'ACTIVE', 1
                from generate_series(1, 5000) as n
                """);
        database.execute("vacuum (analyze) connection_view");
        UUID last = UUID.fromString("01990000-0000-7000-9000-000000004900");
        String[] tenants = {"large", "tenant-7"};
        assertThat(database.buffers(LoadStatus.OF_TENANTS, Tuple.of(tenants, "large", last, 51)))
                .isBetween(1L, 12L);
        assertThat(database.buffers(LoadStatus.OF_ALL, Tuple.of("large", last, 51)))
                .isBetween(1L, 12L);
    }

    private static long pageOf(UUID[] ids) {
        String[] tenant = {"tenant-7"};
        long connections = database.buffers(LoadStatus.OF_TENANTS, Tuple.of(tenant, "", new UUID(0, 0), 51));
        long days = database.buffers(
                LoadMonths.FIND, Tuple.of(tenant, ids, FIRST.withDayOfMonth(1), LAST.withDayOfMonth(1)));
        long attempts = database.buffers(
                LoadStatus.ATTEMPTS,
                Tuple.of(
                        tenant,
                        ids,
                        FIRST.atStartOfDay().atOffset(UTC),
                        LAST.atStartOfDay().atOffset(UTC)));
        return connections + days + attempts;
    }

    @Test
    void days_are_what_the_coverage_says() {
        ConnectionView view = view(ids(1)[0]);
        Instant start = Instant.parse("2025-01-01T00:00:00Z");
        Random random = new Random(5);
        IntervalSet both = IntervalSet.EMPTY;
        IntervalSet any = IntervalSet.EMPTY;
        for (int i = 0; i < 40; i++) {
            Instant from = start.plus(Duration.ofHours(random.nextInt(24 * 150)));
            Interval window = new Interval(from, from.plus(Duration.ofHours(1 + random.nextInt(200))));
            List<String> marketplaces = random.nextInt(4) == 0 ? List.of("DE") : List.of("DE", "FR");
            any = any.plus(List.of(window));
            both = marketplaces.size() == 2 ? both.plus(List.of(window)) : both;
            database.pool()
                    .withTransaction(tx -> coverage.begin(tx, view.id(), List.of("DE", "FR"), start)
                            .chain(() -> coverage.add(tx, view.id(), marketplaces, window))
                            .chain(() -> months.cover(tx, view, window)))
                    .await()
                    .indefinitely();
        }
        Days days = days(view, LocalDate.parse("2025-01-01"), LocalDate.parse("2025-06-30"));
        for (LocalDate date = LocalDate.parse("2025-01-01");
                date.isBefore(LocalDate.parse("2025-07-01"));
                date = date.plusDays(1)) {
            Interval day = new Interval(
                    date.atStartOfDay().toInstant(UTC),
                    date.plusDays(1).atStartOfDay().toInstant(UTC));
            DayRead expected = both.encloses(day)
                    ? DayRead.ALL
                    : any.gaps(day).equals(List.of(day)) ? DayRead.NOTHING : DayRead.SOME;
            assertThat(days.of(date).read()).as("%s", date).isEqualTo(expected);
        }
    }

    @Test
    void a_marketplace_that_the_seller_has_left_holds_no_day_back() {
        ConnectionView both = view(ids(3)[2]);
        ConnectionView one = new ConnectionView(
                both.id(),
                "tenant-7",
                "x",
                Provider.AMAZON_SELLER,
                Region.EU,
                1,
                List.of("DE"),
                ViewState.ACTIVE,
                false);
        Interval read = new Interval(Instant.parse("2025-08-01T00:00:00Z"), Instant.parse("2025-08-03T00:00:00Z"));
        database.pool()
                .withTransaction(tx -> coverage.begin(tx, both.id(), List.of("DE", "FR"), read.from())
                        .chain(() -> coverage.add(tx, both.id(), List.of("DE"), read))
                        .chain(() -> months.cover(tx, one, read)))
                .await()
                .indefinitely();
        assertThat(days(one, LocalDate.parse("2025-08-01"), LocalDate.parse("2025-08-31"))
                        .of(LocalDate.parse("2025-08-02"))
                        .read())
                .isEqualTo(DayRead.ALL);
    }

    @Test
    void a_lost_span_shows_in_all_its_months_and_orders_stay_counted() {
        ConnectionView view = view(ids(2)[1]);
        Interval lost = new Interval(Instant.parse("2024-01-20T12:00:00Z"), Instant.parse("2024-03-02T00:00:00Z"));
        database.pool()
                .withTransaction(tx -> months.add(tx, view, List.of(Instant.parse("2024-02-29T23:59:59Z")))
                        .chain(() -> coverage.begin(tx, view.id(), List.of("DE"), lost.from()))
                        .chain(() -> coverage.lose(tx, view.id(), List.of("DE"), lost))
                        .chain(() -> months.cover(tx, view, lost)))
                .await()
                .indefinitely();
        Days days = days(view, LocalDate.parse("2024-01-01"), LocalDate.parse("2024-03-31"));
        assertThat(days.of(LocalDate.parse("2024-01-19")).read()).isEqualTo(DayRead.NOTHING);
        assertThat(days.of(LocalDate.parse("2024-01-20")).read()).isEqualTo(DayRead.LOST);
        assertThat(days.of(LocalDate.parse("2024-02-29"))).isEqualTo(new Day(DayRead.LOST, 1));
        assertThat(days.of(LocalDate.parse("2024-03-02")).read()).isEqualTo(DayRead.NOTHING);
    }

    private Days days(ConnectionView view, LocalDate from, LocalDate to) {
        return database.pool()
                .withTransaction(tx -> months.find(tx, List.of(view), from, to))
                .await()
                .indefinitely()
                .getOrDefault(view.id(), Days.UNKNOWN);
    }

    private static ConnectionView view(UUID id) {
        return new ConnectionView(
                id, "tenant-7", "x", Provider.AMAZON_SELLER, Region.EU, 1, List.of(), ViewState.ACTIVE, false);
    }

    /** The first connections of one tenant. */
    private static UUID[] ids(int count) {
        List<UUID> ids = new ArrayList<>();
        database.pool()
                .preparedQuery(
                        "select connection_id from connection_view where tenant_id = 'tenant-7' order by 1 limit $1")
                .execute(Tuple.of(count))
                .await()
                .indefinitely()
                .forEach(row -> ids.add(row.getUUID(0)));
        return ids.toArray(UUID[]::new);
    }
}
