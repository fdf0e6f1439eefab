package io.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perennial.contracts.Topics;
import io.perennial.launcher.stack.StackService;
import io.perennial.merchants.Shop;
import io.perennial.merchants.year.Tables;
import io.perennial.testsupport.Events;
import io.perennial.testsupport.ReceivedEvent;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Three books that must agree about renewals: the provider's, auth-service's and the broker's. Each is read where it is kept,
 * by nothing that auth-service says about itself.
 */
final class Ledger {
    private static final String RENEWED = "TokenRenewed";

    private final House house;
    private final List<Shop> shops;

    Ledger(House house, List<Shop> shops) {
        this.house = house;
        this.shops = shops;
    }

    /** No code was sent twice, and each that bought tokens is accounted for: stored, or told as unknown. */
    void assertEachCodeWasExchangedOnce() {
        Map<String, Long> asked = perAccount(
                StackService.SANDBOX,
                "select seller_id, count(*) from call_log where grant_type = 'authorization_code' group by 1");
        Map<String, Long> refused = perAccount(
                StackService.SANDBOX,
                """
                select seller_id, count(*) from call_log
                 where grant_type = 'authorization_code' and status <> 200 group by 1
                """);
        Map<String, Long> spent = perAccount(
                StackService.SANDBOX,
                """
                select a.seller_id, count(*)
                  from authorization_code c join authorization_given a on a.id = c.authorization_id
                 where c.used_at is not null group by 1
                """);
        Map<String, Long> stored = perAccount(
                StackService.AUTH_SERVICE,
                "select account_id, count(*) from grant_record where tenant_id = 'storm' and generation = 2 group by 1");
        Map<String, Long> unknown = perAccount(
                StackService.AUTH_SERVICE,
                """
                select c.account_id, count(*)
                  from audit_entry e join connection c on c.id = e.connection_id
                 where e.kind = 'EXCHANGE_UNKNOWN' and e.tenant_id = 'storm' group by 1
                """);
        for (Shop shop : shops) {
            String account = shop.seller().id();
            assertThat(asked.get(account)).as("codes sent for " + account).isEqualTo(spent.get(account));
            assertThat(refused).as("a code that comes a second time is refused").doesNotContainKey(account);
            assertThat(stored.get(account)).as("candidates of " + account).isPositive();
            assertThat(spent.get(account))
                    .as("codes spent for " + account)
                    .isBetween(stored.get(account), stored.get(account) + unknown.getOrDefault(account, 0L));
        }
    }

    /** Each connection has its second grant and no other, and nothing about it is undecided. */
    void assertNothingIsInLimbo() {
        await("attempts that were cut off are closed")
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> count(
                                house,
                                StackService.AUTH_SERVICE,
                                """
                                select count(*) from authorization_request
                                 where tenant_id = 'storm'
                                   and status in ('STARTED', 'EXCHANGING', 'CHECKING', 'AWAITING_CONFIRMATION', 'AWAITING_REVIEW')
                                """)
                        == 0);
        assertThat(
                        count(
                                house,
                                StackService.AUTH_SERVICE,
                                """
                        select count(*) from grant_record
                         where tenant_id = 'storm' and status = 'CURRENT' and generation = 2
                        """))
                .isEqualTo(shops.size());
        assertThat(
                        count(
                                house,
                                StackService.AUTH_SERVICE,
                                """
                        select count(*) from grant_record
                         where tenant_id = 'storm'
                           and (status in ('CANDIDATE', 'QUARANTINED') or (status = 'CURRENT' and generation <> 2))
                        """))
                .isZero();
        assertThat(
                        count(
                                house,
                                StackService.AUTH_SERVICE,
                                """
                        select count(*) from connection
                         where tenant_id = 'storm' and state = 'ACTIVE' and generation = 2
                        """))
                .isEqualTo(shops.size());
    }

    /**
     * Each renewal is told once, after what came before it.
     *
     * @return how many records repeat another one
     */
    int assertEachRenewalIsToldOnceAndInOrder() {
        await("everything is published")
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> count(house, StackService.AUTH_SERVICE, "select count(*) from outbox") == 0);
        Map<String, List<ReceivedEvent>> told;
        try (Events events = house.events(Topics.CONNECTIONS)) {
            told = events.upToNow().stream().collect(Collectors.groupingBy(ReceivedEvent::connectionId));
        }
        int repeated = 0;
        for (Shop shop : shops) {
            Set<String> ids = new HashSet<>();
            List<ReceivedEvent> distinct = told.get(shop.id()).stream()
                    .filter(event -> ids.add(event.id()))
                    .toList();
            repeated += told.get(shop.id()).size() - distinct.size();
            assertThat(distinct)
                    .extracting(ReceivedEvent::type)
                    .containsExactly("ConnectionCreated", "ConnectionAuthorized", RENEWED);
            assertThat(distinct.get(2).data().get("generation").asInt()).isEqualTo(2);
            assertThat(distinct)
                    .extracting(event -> Long.valueOf(event.headers().get("ce_sequence")))
                    .isSorted()
                    .doesNotHaveDuplicates();
        }
        return repeated;
    }

    /** Where the provider's log ends. */
    static long logEnd(House house) {
        return count(house, StackService.SANDBOX, "select coalesce(max(sequence), 0) from call_log");
    }

    static long count(House house, StackService service, String sql) {
        try (Tables tables = new Tables(house.stack())) {
            return tables.count(service, sql);
        }
    }

    private Map<String, Long> perAccount(StackService service, String sql) {
        Map<String, Long> found = new HashMap<>();
        try (Connection database = house.database(service);
                ResultSet rows = database.createStatement().executeQuery(sql)) {
            while (rows.next()) {
                found.put(String.valueOf(rows.getString(1)), rows.getLong(2));
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return found;
    }
}
