package io.perennial.console.projection;

import static io.perennial.console.Shop.aShop;
import static io.perennial.console.Shop.inDays;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perennial.console.Publisher;
import io.perennial.console.Shop;
import io.perennial.console.Surroundings;
import io.perennial.console.view.ConnectionFilter;
import io.perennial.console.view.ConnectionView;
import io.perennial.console.view.Connections;
import io.perennial.console.view.FetchView;
import io.perennial.console.view.HistoryView;
import io.perennial.console.view.Slice;
import io.perennial.console.view.Stories;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.Reference;
import io.perennial.contracts.TokenRenewed;
import io.perennial.contracts.Topics;
import io.perennial.testsupport.Events;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithPerennial(database = "console")
@WithTestResource(Surroundings.class)
class ProjectionTest {
    @Inject
    Connections connections;

    @Inject
    Stories stories;

    @Inject
    Pool pool;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    Publisher publisher;

    @BeforeEach
    void open() {
        publisher = new Publisher();
    }

    @AfterEach
    void close() {
        publisher.close();
    }

    @Test
    void the_last_state_of_a_connection_is_shown() {
        Shop shop = aShop("acme", "Bicycle shop");
        publisher.publish(1, shop.pending());
        publisher.publish(2, shop.state(ConnectionStatus.ACTIVE, 1, inDays(365)));

        ConnectionView view = awaitView(shop, v -> v.state() == ConnectionStatus.ACTIVE);

        assertThat(view.generation()).isEqualTo(1);
        assertThat(view.accountId()).isEqualTo(shop.account());
        assertThat(view.marketplaces()).containsExactly("A1PA6795UKMFR9");
    }

    @Test
    void an_older_state_that_comes_late_changes_nothing() {
        Shop shop = aShop("acme", "Late state");
        publisher.publish(7, shop.state(ConnectionStatus.ACTIVE, 2, inDays(365)));
        publisher.publish(4, shop.state(ConnectionStatus.EXPIRED, 1, inDays(-1)));
        UUID last = publisher.publish(9, shop.state(ConnectionStatus.REVOKED, 1, inDays(-1)));

        awaitHandled(last);

        assertThat(view(shop)).get().extracting(ConnectionView::state).isEqualTo(ConnectionStatus.ACTIVE);
    }

    @Test
    void a_renewal_before_a_late_expiry_of_the_former_grant_leaves_no_trouble() {
        Shop shop = aShop("acme", "Renewed before late expiry");
        publisher.publish(5, shop.state(ConnectionStatus.ACTIVE, 2, inDays(365)));
        publisher.publish(5, shop.renewed(2, inDays(365)));
        awaitHandled(publisher.publish(4, shop.expired(1)));
        awaitView(shop, v -> true);

        ConnectionView view = view(shop).orElseThrow();
        assertThat(view.state()).isEqualTo(ConnectionStatus.ACTIVE);
        assertThat(view.generation()).isEqualTo(2);
        assertThat(view.trouble()).isNull();
    }

    @Test
    void a_trouble_is_void_after_the_renewal_even_if_only_the_state_told_of_it() {
        Shop shop = aShop("acme", "Trouble then renewal");
        publisher.publish(1, shop.state(ConnectionStatus.EXPIRED, 1, inDays(-1)));
        publisher.publish(1, shop.expired(1));
        awaitView(shop, v -> v.trouble() != null && v.trouble().code().equals("TOKEN_EXPIRED"));

        publisher.publish(2, shop.state(ConnectionStatus.ACTIVE, 2, inDays(365)));

        assertThat(awaitView(shop, v -> v.generation() == 2).trouble()).isNull();
    }

    @Test
    void a_wrong_account_is_told_until_a_consent_is_accepted() {
        Shop shop = aShop("acme", "Wrong account");
        publisher.publish(1, shop.pending());
        publisher.publish(2, shop.wrongAccount(0));
        assertThat(awaitView(shop, v -> v.trouble() != null).trouble().detail()).isEqualTo("AOTHER");

        publisher.publish(3, shop.authorized(inDays(365)));

        awaitView(shop, v -> v.trouble() == null);
    }

    @Test
    void a_fetch_is_shown_while_it_runs_and_counts_once() {
        Shop shop = aShop("acme", "Fetching");
        UUID fetch = UUID.randomUUID();
        UUID progress = UUID.randomUUID();
        publisher.publish(1, shop.state(ConnectionStatus.ACTIVE, 1, inDays(365)));
        publisher.publish(1, shop.fetchStarted(fetch));
        publisher.publish(progress, 2, shop.fetchProgressed(fetch, 1, 100));
        publisher.publish(progress, 2, shop.fetchProgressed(fetch, 1, 100));

        FetchView running = awaitView(
                        shop, v -> v.running() != null && v.running().orders() == 100)
                .running();
        assertThat(running.state()).isEqualTo("RUNNING");

        publisher.publish(3, shop.fetchCompleted(fetch, 2, 150));
        ConnectionView view = awaitView(shop, v -> v.running() == null);

        List<FetchView> fetches = stories.fetches(view, 10).await().indefinitely();
        assertThat(fetches).singleElement().satisfies(done -> {
            assertThat(done.state()).isEqualTo("COMPLETED");
            assertThat(done.orders()).isEqualTo(150);
            assertThat(done.pages()).isEqualTo(2);
        });
    }

    @Test
    void a_failed_fetch_of_a_former_grant_is_no_trouble() {
        Shop shop = aShop("acme", "Old failure");
        publisher.publish(3, shop.state(ConnectionStatus.ACTIVE, 3, inDays(365)));
        awaitView(shop, v -> true);
        awaitHandled(publisher.publish(1, shop.fetchFailed(UUID.randomUUID(), 2)));

        assertThat(view(shop).orElseThrow().trouble()).isNull();
    }

    @Test
    void history_is_told_newest_first_and_mails_by_result() {
        Shop shop = aShop("acme", "History");
        publisher.publish(1, shop.state(ConnectionStatus.ACTIVE, 1, inDays(20)));
        publisher.publish(1, shop.created());
        publisher.publish(2, shop.authorized(inDays(20)));
        publisher.publish(3, shop.renewed(2, inDays(365)));
        publisher.publish(1, shop.reminded(30));

        List<HistoryView> history = awaitHistory(shop, 4);

        assertThat(history).isSortedAccordingTo((a, b) -> b.at().compareTo(a.at()));
        assertThat(history).anyMatch(h -> h.event() instanceof TokenRenewed);
        ConnectionView view = view(shop).orElseThrow();
        assertThat(stories.reminders(view, 5).await().indefinitely())
                .singleElement()
                .satisfies(mail -> assertThat(mail.result()).isEqualTo("SENT"));
    }

    @Test
    void an_unreadable_record_goes_to_the_dead_letters_and_the_partition_goes_on() {
        Shop shop = aShop("acme", "After garbage");
        try (Events dead = Events.fromNow(broker, Topics.deadLetters(Topics.CONNECTION_STATE, "console"))) {
            publisher.publishGarbage(Topics.CONNECTION_STATE, shop.id());
            publisher.publish(1, shop.state(ConnectionStatus.ACTIVE, 1, inDays(365)));

            awaitView(shop, v -> v.state() == ConnectionStatus.ACTIVE);
            assertThat(dead.await("the garbage", event -> event.topic().endsWith(".dlq"))
                            .key())
                    .isEqualTo(shop.id().toString());
        }
    }

    @Test
    void an_event_that_gives_a_connection_to_another_tenant_is_put_aside_and_changes_nothing() {
        Shop shop = aShop("acme", "Not for sale");
        Shop stolen = new Shop(
                shop.id(), "thief", "Stolen", shop.externalId(), shop.account(), shop.provider(), shop.region());
        publisher.publish(1, shop.state(ConnectionStatus.ACTIVE, 1, inDays(365)));
        awaitView(shop, v -> true);
        try (Events dead = Events.fromNow(
                broker,
                Topics.deadLetters(Topics.CONNECTION_STATE, "console"),
                Topics.deadLetters(Topics.CONNECTIONS, "console"))) {
            publisher.publish(2, stolen.state(ConnectionStatus.REVOKED, 2, inDays(365)));
            publisher.publish(2, stolen.expired(2));

            assertThat(dead.awaitCount(
                            2, "dead letters", event -> shop.id().toString().equals(event.key())))
                    .extracting(event -> event.headers().get("dead-letter-reason"))
                    .containsOnly("OTHER_TENANT");
        }
        publisher.publish(3, shop.state(ConnectionStatus.SUSPECT, 1, inDays(365)));
        ConnectionView view = awaitView(shop, v -> v.state() == ConnectionStatus.SUSPECT);
        assertThat(view.label()).isEqualTo("Not for sale");
        assertThat(view.tenantId()).isEqualTo("acme");
        assertThat(view.trouble()).isNull();
    }

    @Test
    void search_filters_and_paging_find_what_a_person_may_see() {
        String tenant = "t" + UUID.randomUUID().toString().substring(0, 8);
        Shop mill = aShop(tenant, "Mühle-Nord Kaffee");
        Shop tea = aShop(tenant, "Tea & Pots");
        Shop foreign = aShop(tenant + "-other", "Kaffee der anderen");
        publisher.publish(1, mill.state(ConnectionStatus.ACTIVE, 1, inDays(10)));
        publisher.publish(1, tea.state(ConnectionStatus.EXPIRED, 1, inDays(-3)));
        publisher.publish(1, foreign.state(ConnectionStatus.ACTIVE, 1, inDays(5)));
        List.of(mill, tea, foreign).forEach(shop -> awaitView(shop, v -> true));
        String[] mine = {tenant};

        assertThat(labels(mine, words("kaff müh"))).containsExactly(mill.label());
        assertThat(labels(mine, words(mill.externalId()))).containsExactly(mill.label());
        assertThat(labels(mine, words(tea.account().substring(0, 6)))).containsExactly(tea.label());
        assertThat(labels(mine, words("'; drop table connection; --"))).isEmpty();
        assertThat(labels(mine, ConnectionFilter.needingConsent())).containsExactly(tea.label());
        assertThat(labels(mine, ConnectionFilter.ending(Shop.now(), inDays(30))))
                .containsExactly(mill.label());

        Slice<ConnectionView> first =
                connections.list(mine, ConnectionFilter.NONE, null, 1).await().indefinitely();
        Slice<ConnectionView> second = connections
                .list(mine, ConnectionFilter.NONE, first.next(), 1)
                .await()
                .indefinitely();
        assertThat(first.items()).extracting(ConnectionView::label).containsExactly(tea.label());
        assertThat(second.items()).extracting(ConnectionView::label).containsExactly(mill.label());
        assertThat(second.next()).isNull();
        assertThat(connections.find(mine, foreign.id()).await().indefinitely()).isEmpty();
        assertThat(connections.tenants(mine).await().indefinitely()).containsExactly(tenant);
        assertThat(connections.count(mine, ConnectionFilter.NONE).await().indefinitely())
                .isEqualTo(2);
    }

    @Test
    void a_connection_is_found_by_the_reference_number_of_its_mails_and_pages() {
        String tenant = "t" + UUID.randomUUID().toString().substring(0, 8);
        Shop shop = aShop(tenant, "Called in");
        Shop other = aShop(tenant, "Did not call");
        List.of(shop, other).forEach(one -> publisher.publish(1, one.state(ConnectionStatus.ACTIVE, 1, inDays(10))));
        List.of(shop, other).forEach(one -> awaitView(one, v -> true));

        assertThatItsReferenceFinds(shop, tenant);
    }

    @Test
    void a_connection_from_before_reference_numbers_were_searched_is_found_by_its_own() throws IOException {
        String tenant = "t" + UUID.randomUUID().toString().substring(0, 8);
        Shop shop = aShop(tenant, "Was there before");
        publisher.publish(1, shop.state(ConnectionStatus.ACTIVE, 1, inDays(10)));
        awaitView(shop, v -> true);
        pool.preparedQuery("update connection set search_text = 'was there before' where connection_id = $1")
                .execute(Tuple.of(shop.id()))
                .await()
                .indefinitely();
        assertThat(labels(new String[] {tenant}, words(Reference.of(shop.id()))))
                .isEmpty();

        try (InputStream migration =
                getClass().getResourceAsStream("/db/migration/V202611291500__find_by_reference.sql")) {
            pool.query(new String(migration.readAllBytes(), StandardCharsets.UTF_8))
                    .execute()
                    .await()
                    .indefinitely();
        }

        assertThatItsReferenceFinds(shop, tenant);
        assertThat(labels(new String[] {tenant}, words("before"))).containsExactly(shop.label());
    }

    private void assertThatItsReferenceFinds(Shop shop, String tenant) {
        String reference = Reference.of(shop.id());
        for (String typed : List.of(reference, reference.toLowerCase(Locale.ROOT), reference.replace("-", ""))) {
            assertThat(labels(new String[] {tenant}, words(typed))).as(typed).containsExactly(shop.label());
        }
    }

    private static ConnectionFilter words(String typed) {
        return new ConnectionFilter(ConnectionFilter.words(typed), null, null, null, null, false, null, null);
    }

    private List<String> labels(String[] tenants, ConnectionFilter filter) {
        return connections.list(tenants, filter, null, 50).await().indefinitely().items().stream()
                .map(ConnectionView::label)
                .toList();
    }

    private void awaitHandled(UUID event) {
        await("the event's effect")
                .atMost(Duration.ofSeconds(30))
                .until(() -> pool.preparedQuery("select 1 from inbox where event_id = $1")
                                .execute(Tuple.of(event))
                                .await()
                                .indefinitely()
                                .size()
                        == 1);
    }

    private Optional<ConnectionView> view(Shop shop) {
        return connections.find(null, shop.id()).await().indefinitely();
    }

    private ConnectionView awaitView(Shop shop, Predicate<ConnectionView> wanted) {
        return await("a view of " + shop.label())
                .atMost(Duration.ofSeconds(30))
                .until(() -> view(shop), found -> found.filter(wanted).isPresent())
                .orElseThrow();
    }

    private List<HistoryView> awaitHistory(Shop shop, int length) {
        ConnectionView view = awaitView(shop, v -> true);
        return await("history of " + shop.label())
                .atMost(Duration.ofSeconds(30))
                .until(
                        () -> stories.history(view, null, 50)
                                .await()
                                .indefinitely()
                                .items(),
                        items -> items.size() >= length);
    }
}
