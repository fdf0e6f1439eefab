package io.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.perennial.launcher.stack.Part;
import io.perennial.launcher.stack.StackService;
import io.perennial.merchants.Api;
import io.perennial.merchants.AtOnce;
import io.perennial.merchants.Renewal;
import io.perennial.merchants.Replicas;
import io.perennial.merchants.Shop;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Very many merchants renew at once through three replicas of auth-service, and one replica dies in the middle. How many is
 * told by {@code -Drenewals=10000}; how fast it went is printed, not asserted.
 */
@Order(Integer.MAX_VALUE)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RenewalStormTest {
    private static final int REPLICAS = 3;
    private static final int RENEWALS = Integer.getInteger("renewals", 80);
    private static final int CALLERS = 64;

    /** At least as many exchanges are under way at the replica when it dies. */
    private static final int CAUGHT = 2;

    private static House house;
    private static Replicas replicas;
    private static List<Shop> shops;
    private static List<Api> readers;

    @BeforeAll
    static void open_the_shops() {
        house = House.shared();
        leaveOnlyReplicasOfAuthService();
        replicas = Replicas.of(house.stack(), REPLICAS);
        shops = Shops.open(house, "storm", RENEWALS);
        readers = apis("token-reader");
    }

    @Test
    @Order(1)
    void no_code_is_exchanged_twice_and_no_token_is_lost_when_a_replica_dies_in_a_storm_of_renewals() {
        List<Renewal> renewals =
                shops.stream().map(shop -> new Renewal(replicas, shop)).toList();
        AtomicInteger over = new AtomicInteger();
        Instant begin = Instant.now();
        CompletableFuture<Duration> storm = CompletableFuture.supplyAsync(() -> {
            AtOnce.each(renewals, renewal -> {
                renewal.walk();
                return over.incrementAndGet();
            });
            return Duration.between(begin, Instant.now());
        });
        await("a third is over").atMost(10, TimeUnit.MINUTES).until(() -> over.get() >= RENEWALS / 3 || storm.isDone());
        killInTheMiddleOfExchanges(replicas.any());
        Duration took = storm.join();

        List<Renewal> open =
                renewals.stream().filter(renewal -> !renewal.connected()).toList();
        letTimePassForWhatWasCutOff();
        await("each merchant is told what became of it")
                .atMost(90, TimeUnit.SECONDS)
                .until(() -> open.stream()
                        .noneMatch(renewal -> renewal.look().outcome().equals("checking")));
        List<Renewal> failed = open.stream().filter(r -> !r.connected()).toList();
        assertThat(failed).extracting(Renewal::outcome).containsOnly("unknown");
        assertThat(AtOnce.each(failed, renewal -> tokenOf(renewal.shop(), replicas.any())
                        .get("generation")
                        .asInt()))
                .as("the former grant")
                .containsOnly(1);
        AtOnce.each(failed, Renewal::walkAgain);
        assertThat(renewals).extracting(Renewal::outcome).containsOnly("connected");

        Ledger ledger = new Ledger(house, shops);
        ledger.assertNothingIsInLimbo();
        ledger.assertEachCodeWasExchangedOnce();
        int repeated = ledger.assertEachRenewalIsToldOnceAndInOrder();
        house.advance(Duration.ofHours(2));
        assertThat(AtOnce.each(
                        shops,
                        shop -> tokenOf(shop, replicas.any()).get("generation").asInt()))
                .as("each stored token buys an access token")
                .containsOnly(2);
        System.out.printf(
                "%d renewals through %d replicas in %.1f s (%.0f a second), one killed: %d cut off, of which %d began anew; %d records repeated%n",
                RENEWALS,
                REPLICAS,
                took.toMillis() / 1000.0,
                RENEWALS * 1000.0 / took.toMillis(),
                open.size(),
                failed.size(),
                repeated);
    }

    @Test
    @Order(2)
    void sixty_four_callers_at_three_processes_cause_one_refresh() {
        Shop shop = shops.get(0);
        house.advance(Duration.ofMinutes(61));
        long before = Ledger.logEnd(house);
        house.faults("[{\"operation\":\"token.refresh_token\",\"kind\":\"latency\",\"latencyMs\":300}]");
        List<Integer> callers = IntStream.range(0, CALLERS).boxed().toList();
        Set<String> tokens =
                AtOnce.each(callers, CALLERS, caller -> tokenOf(shop, caller % REPLICAS)
                                .get("accessToken")
                                .asText())
                        .stream()
                        .collect(Collectors.toSet());
        house.faults("[]");
        assertThat(tokens).hasSize(1);
        assertThat(tokenCalls(before, shop)).isEqualTo(1);
    }

    @Test
    @Order(3)
    void suspending_an_application_at_one_replica_stops_the_use_of_its_tokens_at_all() {
        Shop fresh = shops.get(0);
        Shop stale = shops.get(1);
        String app = Shops.application(house).get("id").asText();
        IntStream.range(0, REPLICAS).forEach(replica -> tokenOf(fresh, replica));
        long before = Ledger.logEnd(house);
        List<Api> admins = apis("admin");
        List<Api> operators = apis("operator");

        admins.get(0).post("/api/apps/" + app + "/suspend", "{}");
        for (int replica = 0; replica < REPLICAS; replica++) {
            for (Shop shop : List.of(fresh, stale)) {
                Api.Answer refused = readers.get(replica).call("POST", tokenPath(shop), "{}");
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.body().get("code").asText()).isEqualTo("APP_SUSPENDED");
                operators.get(replica).post("/api/connections/" + shop.id() + "/probe", "{}");
            }
        }
        assertThat(tokenCalls(before, fresh) + tokenCalls(before, stale))
                .as("nobody asked the provider")
                .isZero();

        admins.get(REPLICAS - 1).post("/api/apps/" + app + "/resume", "{}");
        for (int replica = 0; replica < REPLICAS; replica++) {
            tokenOf(fresh, replica);
            tokenOf(stale, replica);
        }
    }

    /** Who only listens would take the processors; nobody comes after this test. */
    private static void leaveOnlyReplicasOfAuthService() {
        Stream.of(
                        StackService.TOKEN_MONITOR,
                        StackService.FETCH_ORCHESTRATOR,
                        StackService.NOTIFIER,
                        StackService.CONSOLE)
                .map(service -> house.stack().part(service.processName()))
                .forEach(Part::kill);
        CompletableFuture.allOf(IntStream.rangeClosed(2, REPLICAS)
                        .mapToObj(number -> house.stack().replica(StackService.AUTH_SERVICE, number))
                        .map(replica -> CompletableFuture.runAsync(replica::start))
                        .toArray(CompletableFuture[]::new))
                .join();
    }

    /** Kills a replica while it waits for tokens that the provider is about to issue, and starts it again. */
    private static void killInTheMiddleOfExchanges(int victim) {
        Part part = house.stack().part("auth-service" + (victim == 0 ? "" : "-" + (victim + 1)));
        house.faults("[{\"operation\":\"token.authorization_code\",\"kind\":\"latency\",\"latencyMs\":2000}]");
        await("exchanges at the replica that is to die")
                .atMost(30, TimeUnit.SECONDS)
                .pollInterval(5, TimeUnit.MILLISECONDS)
                .until(() -> {
                    int elsewhere = replicas.callbacksBesides(victim);
                    return exchanging() - Math.max(elsewhere, replicas.callbacksBesides(victim)) >= CAUGHT;
                });
        part.kill();
        house.faults("[]");
        part.start();
    }

    private static long exchanging() {
        return Ledger.count(
                house,
                StackService.AUTH_SERVICE,
                "select count(*) from authorization_request where status = 'EXCHANGING'");
    }

    /** What no process holds is given up after a minute; candidates are looked at again, starts forgotten after ten. */
    private static void letTimePassForWhatWasCutOff() {
        try (Connection database = house.database(StackService.AUTH_SERVICE)) {
            database.createStatement()
                    .executeUpdate(
                            """
                            update authorization_request set claimed_at = claimed_at - interval '1 minute'
                             where status = 'EXCHANGING' and tenant_id = 'storm'
                            """);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        house.advance(Duration.ofMinutes(11));
    }

    /** As a client should: what may be tried again is, such as while the lease of a dead replica lasts. */
    private static JsonNode tokenOf(Shop shop, int replica) {
        Api.Answer answer = await("a token of " + shop.id())
                .atMost(60, TimeUnit.SECONDS)
                .pollInterval(200, TimeUnit.MILLISECONDS)
                .until(
                        () -> readers.get(replica).call("POST", tokenPath(shop), "{}"),
                        given -> !given.body().path("retryable").asBoolean());
        assertThat(answer.status()).as(answer.body().path("code").asText()).isEqualTo(200);
        return answer.body();
    }

    private static String tokenPath(Shop shop) {
        return "/api/connections/" + shop.id() + "/access-token";
    }

    private static long tokenCalls(long after, Shop shop) {
        return Ledger.count(
                house,
                StackService.SANDBOX,
                "select count(*) from call_log where operation = 'token' and sequence > %d and seller_id = '%s'"
                        .formatted(after, shop.seller().id()));
    }

    private static List<Api> apis(String role) {
        String token = house.stack().token(role);
        return IntStream.range(0, REPLICAS)
                .mapToObj(replica -> new Api(replicas.url(replica), token))
                .toList();
    }
}
