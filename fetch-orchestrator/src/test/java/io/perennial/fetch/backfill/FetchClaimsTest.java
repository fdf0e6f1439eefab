package io.perennial.fetch.backfill;

import static java.time.ZoneOffset.UTC;
import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.fetch.MigratedDatabase;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FetchClaimsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration LEASE = Duration.ofSeconds(30);

    private static MigratedDatabase database;

    private final FetchClaims claims = new FetchClaims(database.pool());
    private final FetchClaims otherReplica = new FetchClaims(database.pool());

    @BeforeAll
    static void migrate() {
        database = new MigratedDatabase("fetch_claims");
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void nothing_is_due() {
        clear();
    }

    private static void clear() {
        database.execute("truncate connection_view cascade");
    }

    @Test
    void thousands_of_one_tenant_do_not_hide_the_one_of_another() {
        connections("large", 3000);
        fetches("large", 1, NOW.minusSeconds(600));
        connections("small", 1);
        fetches("small", 1, NOW);
        assertThat(due(4)).extracting(DueFetch::tenantId).contains("small").contains("large");
    }

    @Test
    void imports_that_are_due_for_long_do_not_hide_what_somebody_waits_for() {
        connections("importer", 3000);
        fetches("importer", 2, NOW.minus(Duration.ofDays(1)));
        connections("renewed", 1);
        fetches("renewed", 0, NOW);
        assertThat(due(2)).first().satisfies(first -> {
            assertThat(first.tenantId()).isEqualTo("renewed");
            assertThat(first.priority()).isEqualTo(FetchPriority.AWAITED);
        });
    }

    @Test
    void what_is_not_due_yet_is_left_alone() {
        connections("t", 1);
        fetches("t", 1, NOW.plusSeconds(1));
        assertThat(due(4)).isEmpty();
    }

    @Test
    void of_a_connection_with_a_leased_fetch_no_other_is_due() {
        connections("t", 1);
        fetches("t", 1, NOW);
        fetches("t", 0, NOW);
        List<DueFetch> due = due(4);
        assertThat(due).hasSize(2);
        assertThat(claim(claims, due.subList(0, 1))).hasSize(1);
        assertThat(due(4)).isEmpty();
    }

    @Test
    void two_replicas_never_lease_the_same_fetch() {
        connections("t", 20);
        fetches("t", 1, NOW);
        List<DueFetch> due = due(20);
        List<FetchJob> first = claim(claims, due.subList(0, 12));
        List<FetchJob> second = claim(otherReplica, due);
        assertThat(first).hasSize(12);
        assertThat(second).hasSize(8);
        HashSet<UUID> all = new HashSet<>(first.stream().map(FetchJob::id).toList());
        second.forEach(job -> assertThat(all.add(job.id())).isTrue());
    }

    @Test
    void keeping_leases_does_not_wait_for_a_page_that_is_being_stored() {
        connections("t", 2);
        fetches("t", 1, NOW);
        List<FetchJob> held = claim(claims, due(2));
        List<UUID> ids = held.stream().map(FetchJob::id).toList();
        database.execute("update fetch_job set lease_until = '2026-03-01Z'");
        database.pool()
                .withTransaction(page -> page.preparedQuery("select 1 from fetch_job where id = $1 for update")
                        .execute(Tuple.of(ids.get(0)))
                        .chain(() -> claims.keep(ids, LEASE)))
                .await()
                .atMost(Duration.ofSeconds(60));
        assertThat(database.texts("select id::text from fetch_job where lease_until > clock_timestamp()"))
                .containsExactly(ids.get(1).toString());
    }

    @Test
    void a_fetch_that_was_parked_is_not_held_by_who_still_waits_for_its_answer() {
        connections("t", 1);
        fetches("t", 1, NOW);
        FetchJob held = claim(claims, due(1)).get(0);
        FetchJobs jobs = new FetchJobs(database.pool());
        database.pool()
                .withTransaction(tx -> jobs.park(tx, held.connectionId(), Trouble.CONNECTION_EXPIRED))
                .await()
                .indefinitely();
        claims.keep(List.of(held.id()), LEASE).await().indefinitely();
        database.pool()
                .withTransaction(tx -> jobs.resume(tx, held.connectionId(), NOW))
                .await()
                .indefinitely();
        assertThat(claim(otherReplica, due(1))).extracting(FetchJob::id).containsExactly(held.id());
    }

    @Test
    void of_more_tenants_than_are_looked_at_at_once_each_has_its_turn() {
        for (int tenant = 0; tenant < 24; tenant++) {
            // an order that depends on the language would mix them
            String name = (tenant % 2 == 0 ? "t" : "T") + tenant;
            connections(name, 2);
            fetches(name, 1, NOW);
        }
        TenantTurns turns = new TenantTurns();
        List<String> served = new ArrayList<>();
        for (int i = 0; i < 48; i++) {
            List<DueFetch> due = claims.due(NOW, 1, turns.last()).await().indefinitely();
            served.addAll(claim(claims, turns.take(due, 1, List.of())).stream()
                    .map(FetchJob::tenantId)
                    .toList());
        }
        assertThat(served).hasSize(48);
        assertThat(served.subList(0, 24)).doesNotHaveDuplicates();
        assertThat(served.subList(24, 48)).doesNotHaveDuplicates();
    }

    @Test
    void tenants_whose_fetches_are_all_being_worked_on_hide_nobody() {
        for (int tenant = 0; tenant < 24; tenant++) {
            connections("busy-" + tenant, 1);
            fetches("busy-" + tenant, 1, NOW.minusSeconds(60));
        }
        assertThat(claim(otherReplica, due(24))).hasSize(24);
        connections("waiting", 1);
        fetches("waiting", 1, NOW);
        assertThat(due(1)).extracting(DueFetch::tenantId).containsExactly("waiting");
    }

    @Test
    void what_is_read_follows_from_what_is_taken_and_not_from_what_is_due() {
        crowd(20, NOW.plusSeconds(1));
        assertThat(buffers(4)).as("nothing is due").isLessThan(20);
        connections("busy", 1);
        fetches("busy", 1, NOW);
        assertThat(claim(otherReplica, due(4))).hasSize(1);
        assertThat(buffers(4)).as("all that is due is being worked on").isLessThan(30);
        crowd(20, NOW);
        long ofThousand = buffers(4);
        crowd(400, NOW);
        assertThat(buffers(4)).as("beside %d of a thousand", ofThousand).isBetween(1L, 600L);
        assertThat(due(4)).hasSizeBetween(16, 40);
    }

    @Test
    void what_only_a_newer_release_can_read_is_left_to_it() {
        connections("t", 3);
        fetches("t", 0, NOW);
        database.execute("update fetch_job set strategy = 'PROFILES' where id = (select id from fetch_job limit 1)");
        database.execute(
                """
                update fetch_job set strategy = 'REPORT', part_strategy = 'SEARCH'
                where id = (select id from fetch_job where strategy = 'SEARCH' limit 1)
                """);
        FetchClaims older = new FetchClaims(database.pool(), EnumSet.of(Strategy.SEARCH));
        List<DueFetch> all = due(4);
        assertThat(all).hasSize(3);
        assertThat(older.due(NOW, 4, "").await().indefinitely()).hasSize(1);
        assertThat(claim(older, all)).extracting(FetchJob::strategy).containsExactly(Strategy.SEARCH);
        assertThat(claim(claims, all))
                .extracting(FetchJob::strategy)
                .containsExactlyInAnyOrder(Strategy.PROFILES, Strategy.REPORT);
    }

    private List<DueFetch> due(int room) {
        return claims.due(NOW, room, "").await().indefinitely();
    }

    private static List<FetchJob> claim(FetchClaims by, List<DueFetch> due) {
        return by.claim(due, NOW, LEASE).await().indefinitely();
    }

    private static void connections(String tenant, int count) {
        database.execute(
                """
                insert into connection_view (connection_id, tenant_id, external_id, provider, region, generation, state,
                                             seen_sequence)
                select gen_random_uuid(), ?, n::text, 'AMAZON_SELLER', 'EU', 1, 'ACTIVE', 1
                from generate_series(1, ?) as n
                """,
                tenant,
                count);
    }

    /** Fetches of fifty tenants that are due at the same time. */
    private static void crowd(int ofEach, Instant dueAt) {
        clear();
        database.execute(
                """
                insert into connection_view (connection_id, tenant_id, external_id, provider, region, generation, state,
                                             seen_sequence)
                select gen_random_uuid(), 'tenant-' || n % 50, n::text, 'AMAZON_SELLER', 'EU', 1, 'ACTIVE', 1
                from generate_series(1, 50 * ?) as n
                """,
                ofEach);
        fetches("tenant-%", 1, dueAt);
        database.execute("vacuum (analyze) fetch_job");
    }

    private static long buffers(int room) {
        return database.buffers(
                FetchClaims.DUE, Tuple.of(NOW.atOffset(UTC), room, new String[] {"SEARCH"}, "tenant-25"));
    }

    /** One of each connection of the tenants. */
    private static void fetches(String tenants, int priority, Instant dueAt) {
        database.execute(
                """
                insert into fetch_job (id, connection_id, tenant_id, reason, state, marketplaces, window_from, window_to,
                                       part_from, part_to, caused_at, requested_at, next_attempt_at, priority)
                select gen_random_uuid(), connection_id, tenant_id, 'DAILY', 'WAITING', '{*}', '2026-02-01Z', '2026-03-01Z',
                       '2026-02-01Z', '2026-03-01Z', '2026-03-01Z', '2026-03-01Z', ?, ?
                from connection_view where tenant_id like ?
                """,
                dueAt.atOffset(UTC),
                priority,
                tenants);
    }
}
