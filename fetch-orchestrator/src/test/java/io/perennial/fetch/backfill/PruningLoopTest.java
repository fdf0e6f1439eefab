package io.perennial.fetch.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.fetch.MigratedDatabase;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PruningLoopTest {
    @Test
    void fetches_that_ended_long_ago_are_forgotten_in_batches_and_no_other() {
        try (MigratedDatabase database = new MigratedDatabase("fetch_pruning")) {
            database.execute(
                    """
                    insert into connection_view (connection_id, tenant_id, external_id, provider, region, generation, state,
                                                 seen_sequence)
                    values (gen_random_uuid(), 't', 'x', 'AMAZON_SELLER', 'EU', 1, 'ACTIVE', 1)
                    """);
            database.execute(
                    """
                    insert into fetch_job (id, connection_id, tenant_id, reason, state, marketplaces, window_from, window_to,
                                           part_from, part_to, caused_at, requested_at, completed_at, next_attempt_at,
                                           priority)
                    select gen_random_uuid(), connection_id, tenant_id, 'DAILY', s.state, '{*}', '2026-01-01Z',
                           '2026-01-02Z', '2026-01-01Z', '2026-01-02Z', '2026-01-02Z', '2026-01-02Z', s.ended,
                           case s.state when 'WAITING' then '2026-01-02Z'::timestamptz end, 1
                    from connection_view,
                         (values ('COMPLETED', '2026-01-02Z'::timestamptz), ('FAILED', '2026-01-02Z'),
                                 ('CANCELLED', '2026-01-02Z'), ('COMPLETED', '2026-03-02Z'), ('WAITING', null),
                                 ('PARKED', null)) as s(state, ended)
                    """);
            database.execute(
                    """
                    insert into fetch_request (created_by, idempotency_key, request_hash, fetch_ids, created_at)
                    values ('a', 'old', 'h', '{}', '2026-01-02Z'), ('a', 'new', 'h', '{}', '2026-03-02Z')
                    """);
            database.execute(
                    """
                    insert into bulk_fetch (id, tenant_id, state, requested_at, due_at, completed_at)
                    select gen_random_uuid(), name, case when ended is null then 'PLANNING' else 'PLANNED' end,
                           '2026-01-01Z', '2026-01-01Z', ended
                    from (values ('old', '2026-01-02Z'::timestamptz), ('new', '2026-03-02Z'), ('open', null)) as b(name, ended)
                    """);
            Instant before = Instant.parse("2026-03-01T00:00:00Z");
            assertThat(prune(database, before)).isEqualTo(2);
            assertThat(prune(database, before)).isEqualTo(1);
            assertThat(prune(database, before)).isZero();
            assertThat(database.texts("select state from fetch_job order by state"))
                    .containsExactly("COMPLETED", "PARKED", "WAITING");
            assertThat(database.texts("select idempotency_key from fetch_request"))
                    .containsExactly("new");
            assertThat(database.texts("select tenant_id from bulk_fetch order by tenant_id"))
                    .containsExactly("new", "open");
        }
    }

    private static int prune(MigratedDatabase database, Instant before) {
        return PruningLoop.prune(database.pool(), before, 2).await().indefinitely();
    }
}
