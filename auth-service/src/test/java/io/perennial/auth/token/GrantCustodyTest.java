package io.perennial.auth.token;

import static io.perennial.auth.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perennial.auth.Amazon;
import io.perennial.auth.Amazon.Seller;
import io.perennial.auth.Keys;
import io.perennial.auth.Shop;
import io.perennial.auth.token.GrantReader.Refreshed;
import io.perennial.testsupport.TestClock;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithPerennial(database = "auth", sandbox = true)
@WithTestResource(Keys.class)
class GrantCustodyTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Inject
    GrantReader grants;

    @Inject
    Pool pool;

    @Test
    void one_holder_has_the_lease_and_who_lost_it_stores_nothing() {
        UUID grant = grant(new Shop().connected("shop-1", Amazon.nextSeller("EU")));
        Long first = done(grants.lease(grant, "a", 20));
        assertThat(first).isNotNull();
        assertThat(done(grants.lease(grant, "b", 20))).isNull();

        execute("update grant_record set lease_until = clock_timestamp() where id = $1", Tuple.of(grant));
        Long second = done(grants.lease(grant, "b", 20));
        assertThat(second).isGreaterThan(first);

        Refreshed late = new Refreshed(new byte[] {1}, new byte[] {2}, Instant.EPOCH);
        assertThat(done(grants.store(grant, first, late))).isFalse();
        done(grants.release(grant, first));
        assertThat(done(grants.lease(grant, "c", 20))).as("b still holds it").isNull();
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

    @Test
    void a_wave_of_refusals_revokes_nobody_until_it_is_over() {
        Seller seller = Amazon.nextSeller("EU");
        Shop real = new Shop();
        UUID connection = real.connected("shop-1", seller);
        for (int tenant = 0; tenant < 3; tenant++) {
            Shop other = new Shop();
            for (int i = 0; i < 20; i++) {
                other.connection("shop-" + i, null);
            }
            execute(
                    """
                    update connection
                       set state = 'SUSPECT', generation = 1, account_id = 'A' || external_id, suspect_since = $2,
                           ends_at = $3
                     where tenant_id = $1
                    """,
                    Tuple.of(
                            other.tenant(),
                            TestClock.shared().now().atOffset(ZoneOffset.UTC),
                            TestClock.shared().now().plus(Duration.ofDays(90)).atOffset(ZoneOffset.UTC)));
        }
        Amazon.revoke(seller);
        assertThat(probe(connection)).isEqualTo("SUSPECT");
        TestClock.shared().advance(Duration.ofMinutes(2).plusSeconds(5));
        assertThat(probe(connection)).as("many were refused at once").isEqualTo("SUSPECT");

        TestClock.shared().advance(Duration.ofMinutes(6));
        await().atMost(PATIENCE).until(() -> real.state(connection).equals("REVOKED"));
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

    private static String probe(UUID connection) {
        return as("operator", "*")
                .post("/api/connections/" + connection + "/probe")
                .then()
                .statusCode(200)
                .extract()
                .path("state");
    }
}
