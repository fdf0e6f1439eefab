package io.perennial.auth.authorization;

import static io.perennial.auth.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.perennial.auth.Amazon;
import io.perennial.auth.Amazon.Seller;
import io.perennial.auth.Browser;
import io.perennial.auth.Browser.Page;
import io.perennial.auth.Keys;
import io.perennial.auth.Registration;
import io.perennial.auth.Shop;
import io.perennial.auth.authorization.AuthorizationRequests.Patience;
import io.perennial.contracts.Topics;
import io.perennial.testsupport.Events;
import io.perennial.testsupport.PerennialKafka;
import io.perennial.testsupport.PerennialPostgres;
import io.perennial.testsupport.PerennialPostgres.Cost;
import io.perennial.testsupport.ReceivedEvent;
import io.perennial.testsupport.TestClock;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Consents and starts that come at the same moment. */
@QuarkusTest
@WithPerennial(database = "auth", sandbox = true)
@WithTestResource(Keys.class)
class RacingConsentsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int MOST_OPEN = 20;
    private static final Patience PATIENT = new Patience(Duration.ofDays(1), Duration.ofDays(7));
    private static final Duration RECORD_LIFE = Duration.ofDays(90);

    @Inject
    Pool pool;

    @Inject
    AuthorizationRequests requests;

    private Shop shop;
    private Seller ada;

    @BeforeEach
    void a_shop() {
        shop = new Shop();
        ada = Amazon.nextSeller("EU");
    }

    @Test
    void of_two_consents_for_one_connection_one_is_promoted_and_the_younger_token_is_kept() throws Exception {
        Amazon.behave("oldRefreshToken", "INVALIDATED");
        try {
            for (int round = 0; round < 3; round++) {
                UUID connection = shop.connection("shop-" + round, ada.id());
                Browser first = new Browser();
                Browser second = new Browser();
                URI firstBack = shop.consent(first, connection, ada);
                URI secondBack = shop.consent(second, connection, ada);
                try (Events events = events()) {
                    List<Page> pages = atOnce(List.of(() -> first.open(firstBack), () -> second.open(secondBack)));
                    await().atMost(PATIENCE).untilAsserted(() -> {
                        TestClock.shared().advance(Duration.ofSeconds(6));
                        assertThat(List.of(
                                        first.get(pages.get(0).address()).html(),
                                        second.get(pages.get(1).address()).html()))
                                .as("one is promoted, the other one hears of it")
                                .anyMatch(html -> html.contains("You are connected"))
                                .allMatch(html ->
                                        html.contains("You are connected") || html.contains("Already connected"));
                    });
                    events.await("ConnectionAuthorized", connection.toString());
                    assertThat(about(events, connection)).containsExactly("ConnectionAuthorized");
                }
                assertThat(shop.<Integer>get(connection, "generation")).isEqualTo(1);
                assertThat(grants(connection, "CURRENT")).isEqualTo(1);
                assertThat(grants(connection, "CANDIDATE")).isZero();
                as("operator", "*")
                        .post("/api/connections/" + connection + "/probe")
                        .then()
                        .statusCode(200)
                        .body("result", equalTo("ALIVE"));
                as("operator", "*").delete("/api/connections/" + connection);
            }
        } finally {
            Amazon.behave("oldRefreshToken", "STAYS_VALID");
        }
    }

    @Test
    void of_two_connections_one_gets_the_account() throws Exception {
        UUID one = shop.connection("shop-1", ada.id());
        UUID two = shop.connection("shop-2", ada.id());
        Browser first = new Browser();
        Browser second = new Browser();
        URI firstBack = shop.consent(first, one, ada);
        URI secondBack = shop.consent(second, two, ada);
        List<Page> pages = atOnce(List.of(() -> first.open(firstBack), () -> second.open(secondBack)));
        assertThat(pages)
                .extracting(Page::html)
                .filteredOn(html -> html.contains("You are connected"))
                .hasSize(1);
        assertThat(pages)
                .extracting(Page::html)
                .filteredOn(html -> html.contains("already connected"))
                .hasSize(1);
        assertThat(List.of(shop.state(one), shop.state(two))).containsExactlyInAnyOrder("ACTIVE", "PENDING");
        assertThat(grants(one, "QUARANTINED") + grants(two, "QUARANTINED")).isEqualTo(1);
    }

    @Test
    void a_connection_that_is_given_up_during_the_callback_does_not_come_back() throws Exception {
        for (int round = 0; round < 3; round++) {
            UUID connection = shop.connection("shop-" + round, ada.id());
            Browser browser = new Browser();
            URI back = shop.consent(browser, connection, ada);
            atOnce(List.of(() -> browser.open(back), () -> {
                as("operator", "*").delete("/api/connections/" + connection);
                return null;
            }));
            assertThat(shop.state(connection)).isEqualTo("DISCONNECTED");
            assertThat(grants(connection, "CURRENT") + grants(connection, "CANDIDATE"))
                    .as("nothing of it can be opened any more")
                    .isZero();
        }
    }

    @Test
    void a_connection_that_is_given_up_while_its_consent_is_refused_keeps_no_key() throws Exception {
        UUID connection = shop.connection("shop-1", ada.id());
        Browser browser = new Browser();
        URI back = shop.consent(browser, connection, Amazon.nextSeller("EU"));
        CompletableFuture<Void> held = new CompletableFuture<>();
        CompletableFuture<Void> release = new CompletableFuture<>();
        pool.withTransaction(transaction -> transaction
                        .preparedQuery("select from connection where id = $1 for no key update")
                        .execute(Tuple.of(connection))
                        .invoke(() -> held.complete(null))
                        .chain(() -> Uni.createFrom().completionStage(release)))
                .subscribeAsCompletionStage();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            held.get(1, TimeUnit.MINUTES);
            // Whoever asks for the row first gets it first.
            Future<?> gone = threads.submit(() -> as("operator", "*").delete("/api/connections/" + connection));
            await().atMost(PATIENCE).until(() -> waitingForConnections() == 1);
            Future<Page> refused = threads.submit(() -> browser.open(back));
            await().atMost(PATIENCE).until(() -> waitingForConnections() == 2);
            release.complete(null);
            gone.get(1, TimeUnit.MINUTES);
            refused.get(1, TimeUnit.MINUTES);
        } finally {
            release.complete(null);
            threads.shutdownNow();
        }
        assertThat(shop.state(connection)).isEqualTo("DISCONNECTED");
        assertThat(grants(connection, "QUARANTINED")).isZero();
        assertThat(count(
                        "select count(*) from grant_record where connection_id = $1 and status = $2 and data_key is null",
                        connection,
                        "DESTROYED"))
                .as("its key is gone for good")
                .isEqualTo(1);
        assertThat(lines(connection, "WRONG_ACCOUNT_REJECTED"))
                .as("nothing more is told of it")
                .isZero();
    }

    /** The server keeps the beginning of a statement only: its first columns. */
    private long waitingForConnections() {
        return pool.query(
                        """
                        select count(*) from pg_stat_activity
                         where datname = current_database() and wait_event_type = 'Lock'
                           and query like 'select %account_marketplaces%'
                        """)
                .execute()
                .await()
                .atMost(PATIENCE)
                .iterator()
                .next()
                .getLong(0);
    }

    @Test
    void starts_at_once_do_not_get_past_the_limit_and_leave_one_row_behind() throws Exception {
        UUID connection = shop.connection("shop-1", ada.id());
        Browser browser = new Browser();
        Page landing = browser.get(shop.link(connection));
        Callable<Integer> start = () -> browser.submit(landing, 0, Map.of()).status();
        List<Integer> answers = atOnce(Collections.nCopies(3 * MOST_OPEN, start));
        assertThat(answers).containsOnly(303, 429);
        assertThat(answers).filteredOn(status -> status == 303).hasSize(MOST_OPEN);
        assertThat(attempts(connection)).isEqualTo(MOST_OPEN);

        try (Events events = events()) {
            TestClock.shared().advance(Duration.ofMinutes(10).plusSeconds(1));
            events.await("AuthorizationAbandoned", connection.toString());
            await().atMost(PATIENCE).until(() -> attempts(connection) == 1);
            assertThat(about(events, connection)).containsExactly("AuthorizationAbandoned");
        }
        assertThat(lines(connection, "AUTHORIZATION_STARTED"))
                .as("the trail is not flooded")
                .isEqualTo(1);
        assertThat(browser.submit(landing, 0, Map.of()).status()).isEqualTo(303);
    }

    @Test
    void newcomers_at_once_do_not_get_past_the_limit() throws Exception {
        TestClock.shared().advance(Duration.ofMinutes(11));
        Registration registration = Registration.ofSellers();
        registration.enter();
        Browser browser = new Browser();
        Page login = browser.get(Shop.base() + "/oauth/amazon/login?amazon_callback_uri="
                + URLEncoder.encode(
                        Amazon.url() + "/seller-central/jp/apps/authorize/confirm/" + registration.applicationId(),
                        StandardCharsets.UTF_8)
                + "&amazon_state=s&selling_partner_id=A1NOBODY");
        Callable<Integer> start = () -> browser.submit(login, 0, Map.of()).status();

        List<Integer> answers = atOnce(Collections.nCopies(3 * MOST_OPEN, start));

        assertThat(answers).containsOnly(303, 429);
        assertThat(answers).filteredOn(status -> status == 303).hasSize(MOST_OPEN);
    }

    /** Every cleanup query reads what is due and not what exists: its cost does not grow with what is over. */
    @Test
    void cleanup_costs_the_same_with_a_hundred_thousand_attempts_that_are_over() {
        UUID connection = shop.connection("shop-1", ada.id());
        execute(
                """
                insert into authorization_request (id, state_hash, browser_hash, tenant_id, connection_id, generation,
                    region, app_id, locale, status, started_at, expires_at)
                select gen_random_uuid(), sha256(('flood' || n || c.id)::bytea), sha256('browser'), c.tenant_id, c.id, 0,
                       c.region, c.app_id, 'en', 'ABANDONED', $2, $2
                  from connection c, generate_series(1, 100000) n
                 where c.id = $1
                """,
                Tuple.of(connection, TestClock.shared().now().atOffset(ZoneOffset.UTC)));
        try {
            execute("analyze authorization_request", Tuple.tuple());
            // Attempts of other tests that have grown old: what is looked at for them is not looked at in vain.
            requests.purge(RECORD_LIFE, 800).await().atMost(PATIENCE);
            assertThat(pagesRead("%claimed_at < clock_timestamp()%", requests.forgotten(100, PATIENT)))
                    .isLessThan(500);
            assertThat(pagesRead("delete from authorization_request%status not in%", requests.purge(RECORD_LIFE, 800)))
                    .isLessThan(500);
        } finally {
            execute("delete from authorization_request where connection_id = $1", Tuple.of(connection));
        }
    }

    /** What the service's own statement looks at each time, its loop's included. */
    private static long pagesRead(String form, Uni<?> cleanup) {
        Cost before = PerennialPostgres.shared().cost("auth", form);
        cleanup.await().atMost(PATIENCE);
        Cost after = PerennialPostgres.shared().cost("auth", form);
        assertThat(after.calls()).isGreaterThan(before.calls());
        return (after.buffers() - before.buffers()) / (after.calls() - before.calls());
    }

    private static <T> List<T> atOnce(List<Callable<T>> work) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(work.size());
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> one : threads.invokeAll(work)) {
                results.add(one.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<String> about(Events events, UUID connection) {
        return events.upToNow().stream()
                .filter(event -> event.connectionId().equals(connection.toString()))
                .map(ReceivedEvent::type)
                .toList();
    }

    private long grants(UUID connection, String status) {
        return count("select count(*) from grant_record where connection_id = $1 and status = $2", connection, status);
    }

    private long attempts(UUID connection) {
        return count(
                "select count(*) from authorization_request where connection_id = $1 and status <> $2",
                connection,
                "-");
    }

    private long lines(UUID connection, String kind) {
        return count("select count(*) from audit_entry where connection_id = $1 and kind = $2", connection, kind);
    }

    private long count(String sql, UUID connection, String value) {
        return pool.preparedQuery(sql)
                .execute(Tuple.of(connection, value))
                .await()
                .atMost(PATIENCE)
                .iterator()
                .next()
                .getLong(0);
    }

    private void execute(String sql, Tuple values) {
        pool.preparedQuery(sql).execute(values).await().atMost(PATIENCE);
    }

    private static Events events() {
        return Events.fromNow(PerennialKafka.shared().bootstrapServers(), Topics.CONNECTIONS);
    }
}
