package io.perennial.auth.token;

import static io.perennial.auth.Api.as;
import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.auth.Amazon;
import io.perennial.auth.Keys;
import io.perennial.auth.Shop;
import io.perennial.auth.token.GrantReader.Refreshed;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithPerennial(database = "auth", sandbox = true)
@WithTestResource(Keys.class)
class GrantCustodyTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Inject
    GrantReader grants;

    @Inject
    Pool pool;

    @Test
    void one_holder_has_the_lease_and_who_lost_it_stores_nothing() {
        UUID grant = grant(new Shop().connected("shop-1", Amazon.nextSeller("EU")));
        long seen = epoch(grant);
        Long first = done(grants.lease(grant, seen, "a", 20));
        assertThat(first).isNotNull();
        assertThat(done(grants.lease(grant, first, "b", 20))).isNull();

        execute("update grant_record set lease_until = clock_timestamp() where id = $1", Tuple.of(grant));
        assertThat(done(grants.lease(grant, seen, "b", 20)))
                .as("b has not seen what a did")
                .isNull();
        Long second = done(grants.lease(grant, first, "b", 20));
        assertThat(second).isGreaterThan(first);

        Refreshed late = new Refreshed(new byte[] {1}, new byte[] {2}, Instant.EPOCH);
        assertThat(done(grants.store(grant, first, late))).isFalse();
        assertThat(done(grants.release(grant, first))).isFalse();
        assertThat(done(grants.lease(grant, second, "c", 20)))
                .as("b still holds it")
                .isNull();
    }

    @Test
    void another_replicas_refresh_is_waited_for() {
        UUID connection = new Shop().connected("shop-1", Amazon.nextSeller("EU"));
        UUID grant = grant(connection);
        execute(
                "update grant_record set access_expires_at = null, sealed_access_token = null,"
                        + " lease_until = clock_timestamp() + interval '2 seconds' where id = $1",
                Tuple.of(grant));
        as("token-reader", "*")
                .post("/api/connections/" + connection + "/access-token")
                .then()
                .statusCode(200);
    }

    @Test
    void a_row_that_was_moved_to_another_connection_opens_nothing() {
        Shop both = new Shop();
        UUID mine = both.connected("shop-1", Amazon.nextSeller("EU"));
        UUID theirs = both.connected("shop-2", Amazon.nextSeller("EU"));
        execute(
                """
                update grant_record g
                   set data_key = o.data_key, tenant_key_id = o.tenant_key_id,
                       sealed_refresh_token = o.sealed_refresh_token, sealed_access_token = o.sealed_access_token
                  from grant_record o
                 where g.connection_id = $1 and o.connection_id = $2 and o.status = 'CURRENT'
                """,
                Tuple.of(mine, theirs));
        as("token-reader", "*")
                .post("/api/connections/" + mine + "/access-token")
                .then()
                .statusCode(500);
        assertThat(both.state(mine)).isEqualTo("ACTIVE");
    }

    private long epoch(UUID grant) {
        return done(pool.preparedQuery("select lease_epoch from grant_record where id = $1")
                        .execute(Tuple.of(grant)))
                .iterator()
                .next()
                .getLong(0);
    }

    private UUID grant(UUID connection) {
        return done(pool.preparedQuery("select id from grant_record where connection_id = $1 and status = 'CURRENT'")
                        .execute(Tuple.of(connection)))
                .iterator()
                .next()
                .getUUID(0);
    }

    private void execute(String sql, Tuple values) {
        done(pool.preparedQuery(sql).execute(values));
    }

    private static <T> T done(Uni<T> work) {
        return work.await().atMost(PATIENCE);
    }
}
