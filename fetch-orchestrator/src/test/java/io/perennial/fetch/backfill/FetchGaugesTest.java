package io.perennial.fetch.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.perennial.clock.DomainClock;
import io.perennial.clock.MachineClock;
import io.perennial.contracts.FetchReason;
import io.perennial.fetch.MigratedDatabase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What wakes operators must grow with work that nobody takes, and with nothing that they can not help. */
class FetchGaugesTest {
    private static MigratedDatabase database;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final DomainClock clock = DomainClock.immovable(new MachineClock());
    private final FetchMetrics metrics = new FetchMetrics(meters, clock);

    @BeforeAll
    static void migrate() {
        database = new MigratedDatabase("fetch_gauges");
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void nothing_is_due() {
        database.execute("truncate connection_view cascade");
    }

    @Test
    void work_that_nobody_takes_grows_old() {
        connection("late", "5 h");
        fetch("late", 0, "WAITING", "2 h", null);
        fetch("late", 1, "RUNNING", "3 h", null);
        fetch("late", 2, "WAITING", "4 h", null);
        measure(true);
        assertThat(hours(DueWork.DAILY_PLAN)).isBetween(5.0, 5.1);
        assertThat(hours(DueWork.AWAITED)).isBetween(2.0, 2.1);
        assertThat(hours(DueWork.ROUTINE)).isBetween(3.0, 3.1);
        assertThat(hours(DueWork.IMPORTED)).isBetween(4.0, 4.1);
        measure(false);
        assertThat(hours(DueWork.DAILY_PLAN)).as("switched off").isZero();
    }

    @Test
    void what_is_being_read_or_waits_for_quota_or_has_failed_is_not_late() {
        connection("large", "-1 h");
        fetch("large", 2, "RUNNING", "9 h", "-1 minute");
        fetch("large", 1, "WAITING", "9 h", null);
        connection("throttled", "infinity");
        fetch("throttled", 1, "WAITING", "-1 h", null);
        connection("refused", "-1 h");
        fetch("refused", 1, "FAILED", "9 h", null);
        measure(true);
        for (DueWork work : DueWork.values()) {
            assertThat(hours(work)).as(work.name()).isZero();
        }
    }

    @Test
    void connections_whose_last_fetch_failed_are_counted() {
        connection("refused", "-1 h");
        fetch("refused", 1, "FAILED", "25 h", null);
        fetch("refused", 1, "FAILED", "1 h", null);
        fetch("refused", 1, "WAITING", "0 h", null);
        connection("mended", "-1 h");
        fetch("mended", 1, "FAILED", "25 h", null);
        fetch("mended", 1, "COMPLETED", "1 h", null);
        measure(true);
        assertThat(meters.get("perennial.fetch.connections.failing").gauge().value())
                .isEqualTo(1);
    }

    @Test
    void erasures_that_are_not_through_are_counted() {
        for (String name : List.of("waiting", "begun", "erased")) {
            connection(name, "infinity");
        }
        database.execute("update connection_view set state = 'DISCONNECTED', next_daily_at = null");
        database.execute(
                """
                update erasure set orders = 1000,
                       completed_at = case when external_id = 'erased' then clock_timestamp() end
                from connection_view v where v.connection_id = erasure.connection_id and external_id <> 'waiting'
                """);
        measure(true);
        assertThat(meters.get("perennial.fetch.erasures").gauge().value()).isEqualTo(2);
    }

    @Test
    void bulk_fetches_that_are_not_planned_to_their_end_are_counted() {
        database.execute(
                """
                insert into bulk_fetch (id, tenant_id, state, requested_at, due_at, completed_at)
                select uuidv7(), 't', state, '2026-03-01Z', '2026-03-01Z', ended
                from (values ('PLANNING', null), ('PLANNED', '2026-03-01Z'::timestamptz), ('FAILED', '2026-03-01Z'))
                     as b(state, ended)
                """);
        measure(true);
        assertThat(meters.get("perennial.fetch.bulks").gauge().value()).isEqualTo(1);
    }

    @Test
    void first_pages_are_counted_by_what_is_promised_for_them() {
        metrics.firstPage(FetchReason.RENEWAL_GAP, Duration.ofMillis(900));
        metrics.firstPage(FetchReason.RENEWAL_GAP, Duration.ofSeconds(3));
        assertThat(meters.get("perennial.fetch.renewal.to.first.page")
                        .timer()
                        .takeSnapshot()
                        .histogramCounts())
                .anySatisfy(bucket -> {
                    assertThat(bucket.bucket(TimeUnit.SECONDS)).isEqualTo(1);
                    assertThat(bucket.count()).isEqualTo(1);
                });
    }

    private void measure(boolean daily) {
        new FetchGauges(database.pool(), metrics, clock, daily)
                .measure()
                .await()
                .atMost(Duration.ofSeconds(30));
    }

    private double hours(DueWork work) {
        return meters.get("perennial.fetch.oldest.due")
                        .tag("work", work.name())
                        .timeGauge()
                        .value(TimeUnit.MINUTES)
                / 60;
    }

    /** @param slot how long ago its daily fetch was due; negative for later */
    private static void connection(String name, String slot) {
        database.execute(
                """
                insert into connection_view (connection_id, tenant_id, external_id, provider, region, generation, state,
                                             seen_sequence, next_daily_at)
                values (uuidv7(), 't', ?, 'AMAZON_SELLER', 'EU', 1, 'ACTIVE', 1, clock_timestamp() - ?::interval)
                """,
                name,
                slot);
    }

    /** @param since how long ago it was due or ended */
    private static void fetch(String connection, int priority, String state, String since, String leaseAgo) {
        database.execute(
                """
                insert into fetch_job (id, connection_id, tenant_id, reason, state, marketplaces, window_from, window_to,
                                       part_from, part_to, caused_at, requested_at, priority, next_attempt_at, completed_at,
                                       lease_until)
                select uuidv7(), connection_id, tenant_id, 'DAILY', k.state, '{*}', '2026-02-01Z', '2026-03-01Z',
                       '2026-02-01Z', '2026-03-01Z', k.at, k.at, ?, case when k.open then k.at end,
                       case when not k.open then k.at end, clock_timestamp() - ?::interval
                from connection_view, lateral (select s as state, s in ('WAITING', 'RUNNING') as open,
                                               clock_timestamp() - ?::interval as at from (select ?::text) as t(s)) as k
                where external_id = ?
                """,
                priority,
                leaseAgo,
                since,
                state,
                connection);
    }
}
