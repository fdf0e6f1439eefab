package io.perennial.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An update of a database that is in use, while processes of the release before still run. */
class MigrationTest {
    private static final String BEFORE = "202611241600";
    private static final String ADVERTISERS =
            "select count(*) from connection_view where provider = 'AMAZON_ADS' and next_daily_at ";

    private static MigratedDatabase database;
    private static String rowsBefore;

    @BeforeAll
    static void update() {
        database = new MigratedDatabase("fetch_update", BEFORE);
        database.execute(
                """
                insert into connection_view (connection_id, tenant_id, external_id, provider, region, generation, state,
                                             seen_sequence)
                select ('01990000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 't', 'x',
                       case when n <= 40 then 'AMAZON_ADS' else 'AMAZON_SELLER' end, 'EU', 1,
                       case when n = 41 then 'DISCONNECTED' else 'ACTIVE' end, 1
                from generate_series(1, 43) as n
                """);
        database.execute(
                """
                insert into fetch_job (id, connection_id, tenant_id, reason, state, marketplaces, window_from, window_to,
                                       part_from, part_to, caused_at, requested_at, started_at, completed_at, priority)
                select connection_id, connection_id, 't', 'DAILY', 'COMPLETED', '{*}', '2026-02-01Z', '2026-03-01Z',
                       '2026-02-01Z', '2026-03-01Z', '2026-03-01Z', '2026-03-01Z', '2026-03-01Z', '2026-03-01Z', 1
                from connection_view where provider = 'AMAZON_SELLER'
                """);
        rowsBefore = rows();
        database.migrate("latest");
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void no_fetch_is_written_anew_and_every_constraint_holds_for_all_in_the_end() {
        assertThat(rows()).isEqualTo(rowsBefore);
        assertThat(database.texts("select conname from pg_constraint where not convalidated"))
                .isEmpty();
    }

    @Test
    void advertisers_have_their_first_snapshot_in_the_course_of_a_day() {
        assertThat(database.texts(ADVERTISERS + "< clock_timestamp() - interval '1 minute'"))
                .containsExactly("0");
        assertThat(database.texts(ADVERTISERS + "< clock_timestamp() + interval '1 day'"))
                .containsExactly("40");
        assertThat(database.texts("select count(distinct next_daily_at) from connection_view"))
                .containsExactly("40");
    }

    @Test
    void a_connection_is_erased_whichever_release_hears_that_it_was_given_up() {
        assertThat(erasures(41)).isEqualTo("1");
        // What the release before does with the event.
        database.execute(
                """
                insert into connection_view as v (connection_id, tenant_id, external_id, provider, region, generation, state,
                                                  seen_sequence)
                values ('01990000-0000-7000-8000-000000000042', 't', 'x', 'AMAZON_SELLER', 'EU', 1, 'DISCONNECTED', 2)
                on conflict (connection_id) do update set state = coalesce(excluded.state, v.state)
                """);
        assertThat(erasures(42)).isEqualTo("1");
        assertThat(erasures(43)).isEqualTo("0");
    }

    private static String erasures(int connection) {
        return database.texts("select count(*) from erasure where connection_id::text like '%0" + connection + "'")
                .get(0);
    }

    /** Where each row lies: an update would have moved it. */
    private static String rows() {
        return String.join(" ", database.texts("select id || ' ' || ctid || ' ' || xmin from fetch_job order by id"));
    }
}
