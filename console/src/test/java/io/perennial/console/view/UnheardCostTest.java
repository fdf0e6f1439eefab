package io.perennial.console.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.testsupport.Database;
import io.perennial.testsupport.PerennialExtension;
import io.perennial.testsupport.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Counted in buffers, which are the same on every machine. */
@ExtendWith(PerennialExtension.class)
class UnheardCostTest {
    @Test
    void who_is_not_heard_is_found_at_the_cost_of_those_alone(@Database("console_cost") TestDatabase database)
            throws SQLException {
        Flyway.configure()
                .dataSource(database.jdbcUrl(), database.user(), database.password())
                .locations("db/migration")
                .load()
                .migrate();
        try (Connection connection = database.connect();
                Statement sql = connection.createStatement()) {
            sql.execute(
                    """
                    insert into connection (connection_id, tenant_id, external_id, provider, region, label, marketplaces, state,
                                            generation, ends_at, sequence, search_text)
                    select gen_random_uuid(), 'tenant-' || n % 50, 'shop-' || n, 'AMAZON_SELLER', 'EU', 'Shop ' || n, '', 'ACTIVE',
                           1, '2026-11-22Z'::timestamptz + n * interval '1 minute', 1, 'shop'
                    from generate_series(1, 30000) n
                    """);
            sql.execute(
                    """
                    insert into trouble (connection_id, kind, tenant_id, generation, occurred_at, code)
                    select connection_id, 'REMINDER', tenant_id, 1, '2026-11-22Z',
                           case when external_id like 'shop-_0000' then 'NOBODY_HEARS' else 'SMTP_451' end
                    from connection where external_id like 'shop-%0'
                    """);
            sql.execute("analyze connection");
            sql.execute("analyze trouble");
            String list = Connections.unheard(Connections.unheard(null), 50);
            try (ResultSet found = sql.executeQuery("select count(*) from (" + list + ") as list")) {
                assertThat(found.next()).isTrue();
                assertThat(found.getInt(1)).isEqualTo(3);
            }
            assertThat(buffers(sql, list)).isLessThan(100);
        }
    }

    private static long buffers(Statement sql, String list) throws SQLException {
        try (ResultSet plan = sql.executeQuery("explain (analyze, buffers, timing off, summary off) " + list)) {
            while (plan.next()) {
                // The first line about buffers is that of the whole plan.
                if (plan.getString(1).contains("Buffers:")) {
                    return java.util.regex.Pattern.compile("(?:hit|read)=(\\d+)")
                            .matcher(plan.getString(1))
                            .results()
                            .mapToLong(count -> Long.parseLong(count.group(1)))
                            .sum();
                }
            }
            throw new IllegalStateException("no buffers in the plan");
        }
    }
}
