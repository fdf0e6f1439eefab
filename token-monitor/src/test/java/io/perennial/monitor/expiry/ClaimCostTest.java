package io.perennial.monitor.expiry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perennial.monitor.MonitorDatabase;
import io.perennial.testsupport.Database;
import io.perennial.testsupport.PerennialExtension;
import io.perennial.testsupport.TestDatabase;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The loop costs by what is due, not by what exists: counted in buffers and records of the log, which are the same on every
 * machine. Counted when the bounds were set: 2 buffers for an idle tick; 18.2 buffers, 7.6 records and 700 to 720 bytes a
 * connection, its event included.
 */
@ExtendWith(PerennialExtension.class)
class ClaimCostTest {
    private static final int EXISTING = 100_000;
    private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");
    private static final Instant FIRST_DUE = START.plus(Duration.ofDays(1));
    private static final Instant LAST_DUE = START.plus(Duration.ofDays(101));
    private static final Duration STAGE = Duration.ofDays(30);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private static MonitorDatabase database;

    @BeforeAll
    static void fill(@Database("monitor_cost") TestDatabase empty) {
        database = new MonitorDatabase(empty);
        database.watchMany(EXISTING, FIRST_DUE.plus(STAGE), LAST_DUE.plus(STAGE));
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void a_tick_with_nothing_due_reads_a_handful_of_buffers() {
        Tuple now = Tuple.of(START.atOffset(ZoneOffset.UTC));
        assertThat(Cost.of(DueConnections.ANY_DUE, now).buffers()).isLessThanOrEqualTo(3);
        assertThat(buffers(START, 1_000)).isLessThanOrEqualTo(5);
        assertThat(buffers(START, 5_000)).isLessThanOrEqualTo(5);
    }

    @Test
    void a_tick_with_nothing_due_reads_one_table_once(@Database("monitor_ticks") TestDatabase empty) {
        int ticks = 50;
        try (MonitorDatabase quiet = new MonitorDatabase(empty)) {
            quiet.watch(LAST_DUE.plus(STAGE));
            DueConnections due = new DueConnections(quiet.pool(), 0);
            long before = scans(quiet);
            for (int tick = 0; tick < ticks; tick++) {
                assertThat(due.look(START, 1_000).await().atMost(PATIENCE).none())
                        .isTrue();
            }

            assertThat(scans(quiet) - before).isEqualTo(ticks);
        }
    }

    /** How often any table was read so far, by itself or by an index. */
    private static long scans(MonitorDatabase of) {
        of.query("select pg_stat_force_next_flush()");
        return of.query("select sum(seq_scan + coalesce(idx_scan, 0))::bigint from pg_stat_user_tables")
                .get(0)
                .getLong(0);
    }

    @Test
    void buffers_grow_with_what_is_due_alone() {
        long forTen = buffers(dueAtOnce(10), 5_000);
        long forFiveHundred = buffers(dueAtOnce(500), 5_000);
        long forFiveThousand = buffers(dueAtOnce(5_000), 5_000);

        assertThat(forTen).isLessThan(10 * 20);
        assertThat(forFiveHundred).isLessThan(500 * 18);
        assertThat(forFiveThousand).isLessThan(5_000 * 18);
    }

    @Test
    void a_small_batch_of_many_due_costs_no_more_than_itself() {
        assertThat(buffers(LAST_DUE, 100)).isLessThan(100 * 22);
    }

    @Test
    void a_plan_of_its_own_costs_a_tenant_two_buffers_a_connection() {
        long usual = buffers(dueAtOnce(1_000), 5_000);
        database.query("insert into tenant_plan (tenant_id, days, sequence, changed_at)"
                + " select 'tenant-' || n, '{-30,-9,0,7}', 1, '2026-11-21Z' from generate_series(0, 49) n");
        database.query("analyze tenant_plan");
        long own = buffers(dueAtOnce(1_000), 5_000);
        database.query("truncate tenant_plan");

        assertThat(own - usual).isLessThanOrEqualTo(2 * 1_000);
    }

    /** What replicas and backups have to carry: the row's new version, its index entries, and the event. */
    @Test
    void a_connection_announced_is_a_bounded_number_of_records_in_the_log() {
        explained(dueAtOnce(5_000), 5_000); // now the pages that it changes are in the log as a whole
        Cost cost = explained(dueAtOnce(5_000), 5_000);

        assertThat(cost.records()).isLessThan(5_000 * 7);
        assertThat(cost.bytes()).isLessThan(5_000 * 660L);
    }

    private static Instant dueAtOnce(int count) {
        return FIRST_DUE.plus(
                Duration.between(FIRST_DUE, LAST_DUE).multipliedBy(count).dividedBy(EXISTING));
    }

    private static long buffers(Instant now, int limit) {
        return explained(now, limit).buffers();
    }

    private static Cost explained(Instant now, int limit) {
        return Cost.of(DueConnections.CLAIM, DueConnections.parameters(ExpiryPolicy.standard(), now, limit, 0));
    }

    /** What a statement reads, and what it writes into the log. */
    private record Cost(long buffers, long records, long bytes) {
        /** Explains the very statement, and takes its effect back. */
        static Cost of(String sql, Tuple parameters) {
            return database.pool()
                    .withConnection(connection -> connection.begin().chain(transaction -> connection
                            .preparedQuery("explain (analyze, buffers, wal, format json) " + sql)
                            .execute(parameters)
                            .map(rows -> of(plan(rows.iterator().next())))
                            .eventually(transaction::rollback)))
                    .await()
                    .atMost(Duration.ofSeconds(60));
        }

        /** What runs after the query and is not counted with it: the outbox, and the list of ends. */
        private static final Set<String> BESIDE = Set.of("CTE written", "CTE over");

        /** The query, and all beside it. */
        private static Cost of(JsonNode plan) {
            Cost cost = new Cost(
                    plan.path("Shared Hit Blocks").asLong()
                            + plan.path("Shared Read Blocks").asLong(),
                    plan.path("WAL Records").asLong(),
                    plan.path("WAL Bytes").asLong());
            for (JsonNode part : plan.path("Plans")) {
                if (BESIDE.contains(part.path("Subplan Name").asText())) {
                    Cost written = of(part);
                    cost = new Cost(
                            cost.buffers + written.buffers, cost.records + written.records, cost.bytes + written.bytes);
                }
            }
            return cost;
        }
    }

    private static JsonNode plan(Row row) {
        try {
            return JSON.readTree(String.valueOf(row.getValue(0))).get(0).get("Plan");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
