package io.perennial.auth.authorization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perennial.auth.Amazon;
import io.perennial.auth.Amazon.Seller;
import io.perennial.auth.Browser;
import io.perennial.auth.Browser.Page;
import io.perennial.auth.Keys;
import io.perennial.auth.Shop;
import io.perennial.auth.application.AppView;
import io.perennial.auth.application.Apps;
import io.perennial.auth.authorization.unclaimed.Newcomer;
import io.perennial.auth.authorization.unclaimed.UnclaimedConsents;
import io.perennial.auth.authorization.unclaimed.UnclaimedConsents.Departure;
import io.perennial.auth.authorization.unclaimed.UnclaimedConsents.Stage;
import io.perennial.auth.token.amazon.IssuedTokens;
import io.perennial.contracts.Region;
import io.perennial.secret.AccessToken;
import io.perennial.secret.RefreshToken;
import io.perennial.testsupport.TestClock;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A code is spent once it was sent: what it brought is kept, whatever happens to the database meanwhile. */
@QuarkusTest
@WithPerennial(database = "auth", sandbox = true)
@WithTestResource(Keys.class)
class KeptTokensTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Inject
    Pool pool;

    @Inject
    Apps apps;

    @Inject
    UnclaimedConsents consents;

    private Shop shop;

    @BeforeEach
    void a_shop() {
        shop = new Shop();
    }

    @Test
    void a_token_is_kept_although_the_database_drops_the_session_that_stores_it() throws Exception {
        Seller ada = Amazon.nextSeller("EU");
        UUID connection = shop.connection("shop-1", ada.id());
        Browser browser = new Browser();
        URI back = shop.consent(browser, connection, ada);
        long before = Amazon.logEnd();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (Lock lock = new Lock("grant_record")) {
            Future<Page> page = thread.submit(() -> browser.open(back));
            dropAndAwaitAnother("insert into grant_record%");
            lock.release();
            assertThat(page.get(1, TimeUnit.MINUTES).html()).contains("You are connected");
        } finally {
            thread.shutdownNow();
        }
        assertThat(Amazon.tokenCalls(before, "authorization_code"))
                .as("asked for once")
                .isEqualTo(1);
        assertThat(shop.state(connection)).isEqualTo("ACTIVE");
    }

    @Test
    void a_newcomers_token_is_kept_although_the_database_drops_the_session_that_stores_it() throws Exception {
        Newcomer newcomer = onHisWay("A" + UUID.randomUUID());
        assertThat(now(consents.claim(newcomer))).isTrue();
        try (Lock lock = new Lock("unclaimed_consent")) {
            CompletableFuture<Boolean> kept =
                    consents.keep(newcomer, tokens(), TestClock.shared().now()).subscribeAsCompletionStage();
            dropAndAwaitAnother("update unclaimed_consent%status = 'ENDED'%");
            lock.release();
            assertThat(kept.get(1, TimeUnit.MINUTES)).isTrue();
        }
        assertThat(now(consents.find(newcomer.id()))).isNotNull();
    }

    @Test
    void a_newcomers_token_that_comes_after_its_attempt_was_given_up_takes_nobodys_place() {
        String account = "A" + UUID.randomUUID();
        Newcomer earlier = onHisWay(account);
        now(consents.claim(earlier));
        assertThat(now(consents.keep(earlier, tokens(), TestClock.shared().now())))
                .isTrue();
        Newcomer late = onHisWay(account);
        now(consents.claim(late));
        now(consents.end(late.id(), Stage.EXCHANGING, "PROCESS_ENDED"));

        assertThat(now(consents.keep(late, tokens(), TestClock.shared().now()))).isFalse();

        assertThat(now(consents.find(late.id()))).isNull();
        assertThat(now(consents.find(earlier.id()))).isNotNull();
        assertThat(lines(late, "UNCLAIMED_STORED")).isZero();
    }

    @Test
    void an_end_that_comes_too_late_ends_nothing_and_leaves_no_line() {
        Newcomer newcomer = onHisWay("A" + UUID.randomUUID());
        now(consents.claim(newcomer));
        now(consents.keep(newcomer, tokens(), TestClock.shared().now()));

        now(consents.end(newcomer.id(), Stage.STARTED, "DENIED"));
        now(consents.end(newcomer.id(), Stage.EXCHANGING, "PROCESS_ENDED"));
        assertThat(now(consents.find(newcomer.id()))).isNotNull();
        assertThat(lines(newcomer, "UNCLAIMED_ENDED") + lines(newcomer, "EXCHANGE_UNKNOWN"))
                .isZero();

        now(consents.end(newcomer.id(), Stage.WAITING, "DISCARDED"));
        assertThat(now(consents.find(newcomer.id()))).isNull();
        assertThat(lines(newcomer, "UNCLAIMED_ENDED")).isEqualTo(1);
    }

    private Newcomer onHisWay(String account) {
        AppView app = now(apps.get(UUID.fromString(shop.application())));
        String state = "state " + UUID.randomUUID();
        assertThat(now(consents.depart(new Departure(
                        app, Region.EU, account, state, "browser " + state, "en", Duration.ofMinutes(10)))))
                .isTrue();
        return now(consents.ofState(state));
    }

    private static IssuedTokens tokens() {
        return new IssuedTokens(
                new AccessToken("Atza|" + UUID.randomUUID()),
                new RefreshToken("Atzr|" + UUID.randomUUID()),
                Duration.ofHours(1));
    }

    private long lines(Newcomer newcomer, String kind) {
        return number(
                "select count(*) from audit_entry where kind = $1 and reason like $2",
                Tuple.of(kind, newcomer.id() + "%"));
    }

    /** Ends the session that waits with such a statement, and waits until it is tried again. */
    private void dropAndAwaitAnother(String statement) {
        String waiting =
                """
                  from pg_stat_activity
                 where datname = current_database() and wait_event_type = 'Lock' and query like $1
                """;
        Tuple like = Tuple.of(statement);
        await().atMost(PATIENCE).until(() -> number("select count(*)" + waiting, like) > 0);
        long dropped = number("select max(pid)" + waiting, like);
        number("select count(pg_terminate_backend(pid))" + waiting, like);
        await().atMost(PATIENCE)
                .until(() ->
                        number("select count(*)" + waiting + " and pid::bigint <> $2", Tuple.of(statement, dropped))
                                > 0);
    }

    private long number(String sql, Tuple values) {
        return now(pool.preparedQuery(sql).execute(values)).iterator().next().getLong(0);
    }

    private static <T> T now(Uni<T> work) {
        return work.await().atMost(PATIENCE);
    }

    /** Lets a table be read but not written until it is closed. */
    private final class Lock implements AutoCloseable {
        private final CompletableFuture<Void> released = new CompletableFuture<>();

        Lock(String table) throws Exception {
            CompletableFuture<Void> held = new CompletableFuture<>();
            pool.withTransaction(transaction -> transaction
                            .query("lock table " + table + " in share mode")
                            .execute()
                            .invoke(() -> held.complete(null))
                            .chain(() -> Uni.createFrom().completionStage(released)))
                    .subscribeAsCompletionStage();
            held.get(1, TimeUnit.MINUTES);
        }

        void release() {
            released.complete(null);
        }

        @Override
        public void close() {
            release();
        }
    }
}
