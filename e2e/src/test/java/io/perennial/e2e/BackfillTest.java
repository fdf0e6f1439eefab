package io.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.perennial.contracts.Topics;
import io.perennial.e2e.Orders.Times;
import io.perennial.e2e.PublishedOrders.Publication;
import io.perennial.launcher.stack.Part;
import io.perennial.launcher.stack.StackService;
import io.perennial.merchants.Api;
import io.perennial.merchants.AtOnce;
import io.perennial.merchants.Renewal;
import io.perennial.merchants.Replicas;
import io.perennial.merchants.Seller;
import io.perennial.merchants.Shop;
import io.perennial.testsupport.Events;
import io.perennial.testsupport.ReceivedEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Missed orders come in: all of them, each once, as fast as the quota allows and never faster. The provider's stand-in keeps
 * its quotas by code of its own, on the domain clock; its book of orders and its log of calls are what is counted. Ten times
 * as much by {@code -Dbackfill.scale=10}.
 */
@Order(5)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BackfillTest {
    private static final int SCALE = Integer.getInteger("backfill.scale", 1);
    private static final int MISSED = 4321 * SCALE;
    private static final int SMALL_SELLERS = 300 * SCALE;
    private static final int OF_A_SMALL_ONE = 60;
    private static final int OF_THE_LARGE_ONE = 6000 * SCALE;

    /** As many as one answer of the provider has at most. */
    private static final int ON_A_PAGE = 100;

    private static final String LATE = "late";
    private static final String CROWD = "crowd";

    /** Seven tenths of the published burst of 20 are ours (perennial.quota.share). */
    private static final int AT_ONCE = 14;

    /** One request in 180 s is published; an hour gives our share its burst again. */
    private static final Duration REFILL = Duration.ofHours(1);

    private static final Duration ONE_MORE = REFILL.dividedBy(AT_ONCE);

    /** A window begins so much before what is covered (perennial.gap.overlap). */
    private static final Duration OVERLAP = Duration.ofMinutes(15);

    /** First loads of an import begin so far from each other (perennial.backfill.first-load-spacing). */
    private static final Duration PACE = Duration.ofMillis(100);

    /** While answers take as long as Amazon's, requests are under way whenever something happens. */
    private static final String SLOW_ANSWERS =
            "[{\"operation\":\"searchOrders\",\"kind\":\"latency\",\"latencyMs\":300}]";

    private static House house;

    private Events fetches;
    private PublishedOrders orders;
    private long logged;

    @BeforeAll
    static void open_the_house() {
        house = House.shared();
    }

    @BeforeEach
    void begin_to_count() {
        fetches = Events.fromNow(house.stack().bootstrapServers(), Topics.FETCHES, Topics.CONNECTIONS);
        orders = PublishedOrders.fromNow(house);
        logged = Ledger.logEnd(house);
    }

    @AfterEach
    void end_all_trouble() {
        house.faults("[]");
        fetches.close();
        orders.close();
    }

    /** Their years would be a part of everybody's after them. */
    @AfterAll
    static void let_the_merchants_go() {
        List<String> ids = new ArrayList<>();
        for (String tenant : List.of(LATE, CROWD)) {
            ids.addAll(Imported.connections(house, tenant).values());
        }
        Api operator = house.auth("operator");
        AtOnce.each(ids, id -> operator.call("DELETE", "/api/connections/" + id, null));
    }

    @Test
    @Order(1)
    void after_45_days_without_authorization_exactly_the_missed_orders_come_through_two_deaths() {
        Seller seller = Seller.more(house.sandbox(), 1).get(0);
        Instant granted = house.now().minus(Duration.ofDays(365)).plus(Duration.ofMinutes(10));
        Instant had = house.now().minus(Duration.ofDays(2));
        String id = Imported.bring(house, LATE, List.of(seller), granted, had).get(seller.id());
        Instant known = to(fetches.await("FetchCompleted", id));
        Instant expired = expire(seller, id);
        house.advance(Duration.ofDays(45));
        int anyway = Orders.book(house, seller, known).size();
        Orders.give(house, seller, MISSED - anyway, expired, house.now().minus(Duration.ofHours(1)));
        Map<String, Times> missed = Orders.book(house, seller, known);
        assertThat(missed).hasSize(MISSED);

        Part fetcher = house.stack().part(StackService.FETCH_ORCHESTRATOR.processName());
        house.faults(SLOW_ANSWERS);
        renew(seller, id);
        awaitPages(id, 3);
        fetcher.kill();
        fetcher.start();
        awaitPages(id, 6);
        fetcher.kill();
        house.advance(REFILL);
        fetcher.start();
        awaitPages(id, AT_ONCE + 1);
        house.faults("[]");
        int hours = 1 + letTimePass(LATE, "the gap is read", "reason = 'RENEWAL_GAP'");
        ReceivedEvent gap = fetches.await(
                "the gap is closed",
                event -> event.type().equals("FetchCompleted")
                        && event.connectionId().equals(id)
                        && event.data().get("reason").asText().equals("RENEWAL_GAP"));
        int pages = gap.data().get("pages").asInt();
        // what was being asked for at a death is asked for again
        assertThat(hours)
                .as("hours for %d pages in %d calls", pages, calls("seller_id = '" + seller.id() + "'"))
                .isLessThanOrEqualTo(hoursOf(pages + 2));

        String fetch = gap.data().get("fetchId").asText();
        int changes = gap.data().get("ordersNew").asInt()
                + gap.data().get("ordersUpdated").asInt();
        List<String> came = published(id).stream()
                .filter(publication -> publication.fetch().equals(fetch))
                .map(Publication::order)
                .toList();
        assertThat(came).hasSize(changes).doesNotHaveDuplicates();
        assertThat(without(came, missed.keySet()))
                .as("orders that he did not miss")
                .isEmpty();

        // what was updated meanwhile is the next fetch's; of that the last minutes are not told yet
        house.fetch("operator", LATE).post("/api/fetches", "{\"connections\":[\"" + id + "\"]}");
        letTimePass(LATE, "the rest is read", "completed_at is null");
        Instant covered = coveredUntil(id);
        Set<String> readable =
                ids(Orders.book(house, seller, known), times -> !times.updated().isAfter(covered));
        readable.retainAll(missed.keySet());
        assertThat(readable).hasSizeGreaterThan(MISSED * 99 / 100);
        Set<String> all = published(id).stream().map(Publication::order).collect(Collectors.toSet());
        assertThat(without(readable, all)).as("orders that did not come").isEmpty();
        assertThatEachDayIsComplete(id, day(expired), day(house.now()).minusDays(1));
        assertNothingWasRefused();
        System.out.printf(
                "%d missed orders: %d pages in %d hours of quota, two deaths, %d calls, %d records repeated%n",
                MISSED, pages, hours, calls("seller_id = '" + seller.id() + "'"), orders.repeated());
    }

    @Test
    @Order(2)
    void small_sellers_do_not_wait_for_a_large_one() {
        List<Seller> sellers = Seller.more(house.sandbox(), SMALL_SELLERS + 1);
        Seller large = sellers.get(0);
        Instant had = house.now().minus(Duration.ofDays(10));
        AtOnce.each(sellers, seller -> give(seller, seller.equals(large) ? OF_THE_LARGE_ONE : OF_A_SMALL_ONE, had));

        house.faults(SLOW_ANSWERS);
        Instant begun = house.now();
        Map<String, String> ids = Imported.bring(house, CROWD, sellers, begun, had);
        String ofTheLargeOne = "connection_id = '" + ids.get(large.id()) + "'";
        awaitJobs(SMALL_SELLERS + 1, "reason = 'FIRST_LOAD'");
        house.advance(PACE.multipliedBy(sellers.size()).plusSeconds(1));
        awaitJobs(SMALL_SELLERS, "reason = 'FIRST_LOAD' and state = 'COMPLETED' and not " + ofTheLargeOne);
        Duration passed = Duration.between(begun, house.now());
        long before = callsBeforeTheLastOfTheOthers(large);
        assertThat(before)
                .as("requests of the large one before the last of the small ones")
                .isLessThanOrEqualTo(AT_ONCE + passed.dividedBy(ONE_MORE));
        assertThat(jobs(CROWD, ofTheLargeOne + " and state = 'COMPLETED'")).isZero();

        house.faults("[]");
        int hours = letTimePass(CROWD, "the large one has its orders", ofTheLargeOne + " and reason = 'FIRST_LOAD'");
        Map<String, ReceivedEvent> completed = firstLoads(sellers.size());
        int pages = completed.get(ids.get(large.id())).data().get("pages").asInt();
        // Some of his pages are those of his daily fetches, which go before a first load.
        assertThat(hours).isLessThanOrEqualTo(hoursOf(OF_THE_LARGE_ONE / ON_A_PAGE));
        assertNothingWasRefused();
        published(ids.get(large.id()));
        Map<String, Set<String>> published = orders.upToNow().stream()
                .collect(Collectors.groupingBy(
                        Publication::connection, Collectors.mapping(Publication::order, Collectors.toSet())));
        AtOnce.each(sellers, seller -> {
            String id = ids.get(seller.id());
            if (!seller.equals(large)) {
                assertThat(completed.get(id).data().get("pages").asInt()).isEqualTo(1);
            }
            assertThatOrdersAreThoseOfTheProvider(seller, completed.get(id), published.getOrDefault(id, Set.of()));
            return seller;
        });
        System.out.printf(
                "%d sellers with %d orders each had them before %d requests of one with %d; his %d pages took %d hours of quota%n",
                SMALL_SELLERS, OF_A_SMALL_ONE, before, OF_THE_LARGE_ONE, pages, hours);
    }

    private Instant expire(Seller seller, String id) {
        house.sandbox().call("POST", "/sandbox/sellers/" + seller.id() + "/expire", "{}");
        house.advance(Duration.ofMinutes(15));
        fetches.await("TokenExpired", id);
        return house.now();
    }

    private static void renew(Seller seller, String id) {
        Renewal renewal =
                new Renewal(Replicas.of(house.stack(), 1), new Shop(id, seller, Connections.link(house, id))).walk();
        await("renewal of " + seller.email()).atMost(30, TimeUnit.SECONDS).until(() -> renewal.look()
                .connected());
    }

    /** The seller had so many orders since. */
    private static Seller give(Seller seller, int count, Instant since) {
        Instant from = since.minus(OVERLAP);
        int anyway = Orders.book(house, seller, from).size();
        Orders.give(house, seller, count - anyway, since, house.now().minus(Duration.ofHours(1)));
        assertThat(Orders.book(house, seller, from)).hasSize(count);
        return seller;
    }

    private void awaitPages(String id, int pages) {
        fetches.await(
                pages + " pages",
                event -> event.type().equals("FetchProgressed")
                        && event.connectionId().equals(id)
                        && event.data().get("pages").asInt() >= pages);
    }

    private static void awaitJobs(int count, String which) {
        await(count + " fetches: " + which)
                .atMost(1 + SCALE, TimeUnit.MINUTES)
                .pollInterval(100, TimeUnit.MILLISECONDS)
                .until(() -> jobs(CROWD, which) >= count);
    }

    /** Hours that so many requests need beyond those that may go at once. */
    private static int hoursOf(int requests) {
        // However many: each page brings a token of its own, which is good for a day.
        return Math.max(0, (requests - 1) / AT_ONCE);
    }

    /**
     * Lets an hour pass whenever nobody can go on without, until such fetches have ended; tells how many hours. Whoever pauses
     * after an attempt that failed waits for no quota: that passes by itself.
     */
    private static int letTimePass(String tenant, String description, String which) {
        for (int hours = 0; hours < 100 * SCALE; hours++) {
            await(description + ", or nobody can go on")
                    .atMost(1 + SCALE, TimeUnit.MINUTES)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(100, TimeUnit.MILLISECONDS)
                    .until(() -> jobs(
                                    tenant,
                                    "(next_attempt_at <= '" + house.now().plusSeconds(1)
                                            + "' or next_attempt_at is not null and attempts > 0)")
                            == 0);
            if (jobs(tenant, "next_attempt_at is not null and " + which) == 0) {
                return hours;
            }
            house.advance(REFILL);
        }
        throw new AssertionError(description + ": not in " + 100 * SCALE + " hours");
    }

    private static long jobs(String tenant, String which) {
        return Ledger.count(
                house,
                StackService.FETCH_ORCHESTRATOR,
                "select count(*) from fetch_job where tenant_id = '" + tenant + "' and " + which);
    }

    /** What was published of a connection, when nothing waits any more. */
    private List<Publication> published(String id) {
        await("everything is published")
                .atMost(1, TimeUnit.MINUTES)
                .pollInterval(100, TimeUnit.MILLISECONDS)
                .until(() -> Ledger.count(house, StackService.FETCH_ORCHESTRATOR, "select count(*) from outbox") == 0);
        return orders.upToNow().stream()
                .filter(publication -> publication.connection().equals(id))
                .toList();
    }

    private Instant coveredUntil(String id) {
        published(id);
        return fetches.upToNow().stream()
                .filter(event -> event.type().equals("FetchCompleted")
                        && event.connectionId().equals(id))
                .map(BackfillTest::to)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    private Map<String, ReceivedEvent> firstLoads(int count) {
        return fetches
                .awaitCount(
                        count,
                        "first loads",
                        event -> event.type().equals("FetchCompleted")
                                && event.data().get("tenantId").asText().equals(CROWD)
                                && event.data().get("reason").asText().equals("FIRST_LOAD"))
                .stream()
                .collect(Collectors.toMap(ReceivedEvent::connectionId, Function.identity(), (one, again) -> one));
    }

    /** Every order that stands in the window now was there when it was read; what was read had been placed by then. */
    private static void assertThatOrdersAreThoseOfTheProvider(
            Seller seller, ReceivedEvent completed, Set<String> published) {
        Instant from = Instant.parse(completed.data().get("from").asText());
        Map<String, Times> book = Orders.book(house, seller, from);
        assertThat(without(ids(book, times -> !times.updated().isAfter(to(completed))), published))
                .as("orders of %s that did not come", seller.email())
                .isEmpty();
        assertThat(without(published, ids(book, times -> !times.created().isAfter(house.now()))))
                .as("orders that %s does not have", seller.email())
                .isEmpty();
    }

    /** Collections of tens of thousands: an assertion compares each with each. */
    private static List<String> without(Collection<String> some, Set<String> others) {
        return some.stream().filter(order -> !others.contains(order)).toList();
    }

    private static Set<String> ids(Map<String, Times> book, Predicate<Times> which) {
        return book.entrySet().stream()
                .filter(order -> which.test(order.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static Instant to(ReceivedEvent completed) {
        return Instant.parse(completed.data().get("to").asText());
    }

    private static void assertThatEachDayIsComplete(String id, LocalDate from, LocalDate to) {
        JsonNode days = house.fetch("viewer", LATE)
                .get("/api/load-status?connection=%s&from=%s&to=%s".formatted(id, from, to))
                .at("/connections/0/days");
        List<String> open = new ArrayList<>();
        days.forEach(day -> {
            if (!day.get("status").asText().equals("COMPLETE")) {
                open.add(day.toString());
            }
        });
        assertThat(days).hasSizeGreaterThanOrEqualTo(45);
        assertThat(open).isEmpty();
    }

    private void assertNothingWasRefused() {
        assertThat(calls("status = 200")).isPositive();
        assertThat(calls("status = 429")).isZero();
    }

    private long callsBeforeTheLastOfTheOthers(Seller large) {
        String lastOfTheOthers = "(select max(sequence) from call_log where operation = 'searchOrders' and sequence > "
                + logged + " and seller_id <> '" + large.id() + "')";
        return calls("seller_id = '" + large.id() + "' and sequence < " + lastOfTheOthers);
    }

    /** Requests for orders that the provider noted since the test began. */
    private long calls(String which) {
        return Ledger.count(
                house,
                StackService.SANDBOX,
                "select count(*) from call_log where operation = 'searchOrders' and sequence > " + logged + " and "
                        + which);
    }

    private static LocalDate day(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC).toLocalDate();
    }
}
