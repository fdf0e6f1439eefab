package io.perennial.monitor.expiry;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.monitor.Issuer;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(FullOutboxTest.NoRoom.class)
@WithPerennial(database = "monitor")
@WithTestResource(Issuer.class)
class FullOutboxTest {
    @Inject
    ExpiryLoop loop;

    @Inject
    Pool pool;

    @Test
    void nothing_is_claimed_while_the_outbox_is_full() {
        execute(
                """
                insert into watched_connection (connection_id, tenant_id, external_id, provider, region, generation,
                    label, state, ends_at, ends_at_source, next_due_at, plan_sequence, changed_at)
                values (gen_random_uuid(), 'acme', 'shop', 'AMAZON_SELLER', 'EU', 1, 'Shop', 'ACTIVE',
                        '2020-01-31Z', 'RULE', '2020-01-01Z', 1, '2020-01-31Z')
                """);

        assertThat(loop.cycle().await().atMost(Duration.ofMinutes(1))).isEqualTo(CycleOutcome.OUTBOX_FULL);
        assertThat(execute("select 1 from watched_connection where told = -1000"))
                .isEqualTo(1);
    }

    private int execute(String sql) {
        return pool.query(sql).execute().await().atMost(Duration.ofMinutes(1)).rowCount();
    }

    /** An outbox without a single free place. */
    public static final class NoRoom implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("perennial.outbox.cap", "0");
        }
    }
}
