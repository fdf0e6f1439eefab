package io.perennial.auth.token;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.perennial.auth.Amazon;
import io.perennial.auth.Amazon.Seller;
import io.perennial.auth.Keys;
import io.perennial.auth.Shop;
import io.perennial.auth.connection.ConnectionVerdicts;
import io.perennial.auth.connection.Connections;
import io.perennial.auth.outage.Outages;
import io.perennial.auth.persistence.Transactions;
import io.perennial.auth.token.GrantReader.Refreshed;
import io.perennial.auth.token.amazon.LwaConfig;
import io.perennial.auth.token.amazon.LwaTokenClient;
import io.perennial.auth.token.amazon.TokenAnswer;
import io.perennial.auth.vault.TokenVault;
import io.perennial.clock.DomainClock;
import io.perennial.secret.SecretAccess;
import io.perennial.testsupport.TestClock;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.scheduler.Scheduler;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.pgclient.PgBuilder;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three brokers that share a database and nothing else. */
@QuarkusTest
@WithPerennial(database = "auth", sandbox = true)
@WithTestResource(Keys.class)
class ReplicasTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CALLERS = 64;

    @Inject
    Vertx vertx;

    @Inject
    Pool pool;

    @Inject
    LwaTokenClient lwa;

    @Inject
    Connections connections;

    @Inject
    ConnectionVerdicts verdicts;

    @Inject
    FirstLook firstLook;

    @Inject
    TokenVault vault;

    @Inject
    Outages outages;

    @Inject
    Transactions transactions;

    @Inject
    DomainClock clock;

    @Inject
    LwaConfig config;

    @Inject
    MeterRegistry meters;

    @Inject
    Scheduler scheduler;

    private final List<Pool> pools = new ArrayList<>();

    /** Probes of other connections of the same seller would be counted too. */
    @BeforeEach
    void no_loop() {
        scheduler.pause();
    }

    @AfterEach
    void the_end() {
        scheduler.resume();
        Amazon.faults();
        pools.forEach(Pool::closeAndAwait);
    }

    @Test
    void sixty_four_callers_at_three_replicas_cause_one_refresh() {
        Seller seller = Amazon.nextSeller("EU");
        UUID connection = new Shop().connected("shop-1", seller);
        List<TokenBroker> replicas = List.of(replica(), replica(), replica());
        // The answer takes a while, so that all replicas meet the token that is not fresh.
        Amazon.faults(Map.of("operation", "token.refresh_token", "kind", "latency", "latencyMs", 300, "seed", 1));
        for (int round = 0; round < 5; round++) {
            TestClock.shared().advance(Duration.ofMinutes(59).plusSeconds(30));
            long before = Amazon.logEnd();
            Set<String> tokens = Set.copyOf(Multi.createFrom()
                    .iterable(IntStream.range(0, CALLERS).boxed().toList())
                    .onItem()
                    .transformToUni(i -> replicas.get(i % replicas.size()).access(connection))
                    .merge(CALLERS)
                    .map(access -> access.token().reveal(SecretAccess.forTheWire()))
                    .collect()
                    .asList()
                    .await()
                    .atMost(PATIENCE));
            assertThat(tokens).hasSize(1);
            assertThat(Amazon.log(
                            before,
                            line -> "refresh_token"
                                            .equals(line.path("grantType").asText())
                                    && seller.id().equals(line.path("seller").asText())))
                    .as("round %d", round)
                    .hasSize(1);
        }
    }

    @Test
    void a_read_of_a_good_token_writes_nothing() {
        UUID connection = new Shop().connected("shop-1", Amazon.nextSeller("EU"));
        TokenBroker replica = replica();
        done(replica.access(connection));
        String before = rowVersions(connection);
        for (int i = 0; i < 20; i++) {
            done(replica.access(connection));
        }
        assertThat(rowVersions(connection)).isEqualTo(before);
    }

    @Test
    void a_holder_that_was_frozen_changes_nothing_and_reports_nothing() {
        UUID connection = new Shop().connected("shop-1", Amazon.nextSeller("EU"));
        GrantReader grants = new GrantReader(ownPool());
        OpenGrant seen = done(grants.current(connection));
        // Its lease ends and another takes over while it waits for the answer.
        GrantReader frozen = new GrantReader(pool) {
            @Override
            Uni<Boolean> store(UUID grantId, long epoch, Refreshed tokens) {
                return takeOver(grantId).chain(() -> super.store(grantId, epoch, tokens));
            }

            private Uni<Void> takeOver(UUID grantId) {
                return pool.preparedQuery("update grant_record set lease_epoch = lease_epoch + 1 where id = $1")
                        .execute(Tuple.of(grantId))
                        .replaceWithVoid();
            }
        };
        String before = sealed(connection);
        TokenAnswer answer = done(new GrantRefresh(frozen, lwa, outages, vault, clock).refresh(seen));
        assertThat(answer).isNull();
        assertThat(sealed(connection)).isEqualTo(before);
    }

    @Test
    void who_looked_while_another_asked_has_to_look_again() {
        UUID connection = new Shop().connected("shop-1", Amazon.nextSeller("EU"));
        GrantReader grants = new GrantReader(ownPool());
        OpenGrant first = done(grants.current(connection));
        long epoch = done(grants.lease(first.id(), first.epoch(), "first", 20));
        OpenGrant second = done(grants.current(connection));
        Refreshed brought = new Refreshed(
                first.sealedRefreshToken(),
                Objects.requireNonNull(first.sealedAccessToken()),
                Objects.requireNonNull(first.accessExpiresAt()));
        assertThat(done(grants.store(first.id(), epoch, brought))).isTrue();
        assertThat(done(grants.lease(second.id(), second.epoch(), "second", 20)))
                .isNull();

        OpenGrant again = done(grants.current(connection));
        epoch = done(grants.lease(again.id(), again.epoch(), "second", 20));
        OpenGrant third = done(grants.current(connection));
        assertThat(done(grants.release(again.id(), epoch))).isTrue();
        assertThat(done(grants.lease(third.id(), third.epoch(), "third", 20))).isNull();
    }

    private TokenBroker replica() {
        GrantReader grants = new GrantReader(ownPool());
        return new TokenBroker(
                grants,
                new GrantRefresh(grants, lwa, outages, vault, clock),
                connections,
                verdicts,
                firstLook,
                vault,
                transactions,
                clock,
                config,
                meters);
    }

    private Pool ownPool() {
        var settings = ConfigProvider.getConfig();
        String url = settings.getValue("quarkus.datasource.reactive.url", String.class);
        PgConnectOptions options = PgConnectOptions.fromUri(url.replaceFirst("^vertx-reactive:", ""))
                .setUser(settings.getValue("quarkus.datasource.username", String.class))
                .setPassword(settings.getValue("quarkus.datasource.password", String.class));
        Pool own = PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(4))
                .connectingTo(options)
                .using(vertx)
                .build();
        pools.add(own);
        return own;
    }

    /** Which transactions last wrote the rows that a read touches. */
    private String rowVersions(UUID connection) {
        return text(
                """
                select g.xmin::text || ' ' || c.xmin::text from grant_record g join connection c on c.id = g.connection_id
                 where c.id = $1 and g.status = 'CURRENT'
                """,
                connection);
    }

    private String sealed(UUID connection) {
        return text(
                "select encode(sealed_access_token, 'hex') from grant_record where connection_id = $1 and status = 'CURRENT'",
                connection);
    }

    private String text(String sql, UUID connection) {
        return done(pool.preparedQuery(sql).execute(Tuple.of(connection)))
                .iterator()
                .next()
                .getString(0);
    }

    private static <T> T done(Uni<T> work) {
        return work.await().atMost(PATIENCE);
    }
}
