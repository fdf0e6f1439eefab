package io.perennial.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.testsupport.Database;
import io.perennial.testsupport.PerennialExtension;
import io.perennial.testsupport.TestDatabase;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An update of a database that is in use, while processes of the release before still run. */
@ExtendWith(PerennialExtension.class)
class MigrationTest {
    private static final String BEFORE = "202611240003";

    /** As {@code WatchedConnections} saved before ends were listed. */
    private static final String SAVE =
            """
            insert into watched_connection (connection_id, tenant_id, external_id, provider, region, generation, label, state,
                                            ends_at, ends_at_source, next_due_at, plan_sequence, changed_at)
            values ($1, 'acme', 'shop', 'AMAZON_SELLER', 'EU', $2, 'Shop', 'ACTIVE', '2027-01-01Z'::timestamptz + $3::text::interval,
                    'RULE', case when $4 then '2026-12-01Z'::timestamptz end, 1, '2026-01-01Z')
            on conflict (connection_id) do update
            set generation = excluded.generation, ends_at = excluded.ends_at, next_due_at = excluded.next_due_at
            where excluded.generation >= watched_connection.generation
            """;

    private static final UUID WATCHED = UUID.randomUUID();
    private static final UUID OVER = UUID.randomUUID();

    private static MonitorDatabase database;

    @BeforeAll
    static void update(@Database("monitor_update") TestDatabase empty) {
        database = new MonitorDatabase(empty, BEFORE);
        save(WATCHED, 1, "0", true);
        save(OVER, 1, "0", false);
        database.migrate("latest");
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void ends_that_are_still_announced_are_listed_and_no_others() {
        assertThat(listed(WATCHED)).containsExactly("2027-01-01 1");
        assertThat(listed(OVER)).isEmpty();
    }

    @Test
    void whichever_release_saves_a_connection_lists_its_end() {
        UUID connection = UUID.randomUUID();

        save(connection, 2, "0", true);
        assertThat(listed(connection)).containsExactly("2027-01-01 2");
        save(connection, 3, "365 days", true);
        assertThat(listed(connection)).containsExactly("2028-01-01 3");
        save(connection, 2, "1 day", true);
        assertThat(listed(connection)).as("an older generation has no effect").containsExactly("2028-01-01 3");
        save(connection, 3, "365 days", false);
        assertThat(listed(connection)).isEmpty();
    }

    private static void save(UUID connection, int generation, String later, boolean due) {
        database.query(SAVE, connection, generation, later, due);
    }

    private static List<String> listed(UUID connection) {
        return database
                .query(
                        "select (ends_at at time zone 'UTC')::date || ' ' || generation from watched_end"
                                + " where connection_id = $1",
                        connection)
                .stream()
                .map(row -> row.getString(0))
                .toList();
    }
}
