package io.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perennial.contracts.Topics;
import io.perennial.launcher.stack.Part;
import io.perennial.launcher.stack.StackService;
import io.perennial.testsupport.Events;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Many merchants live through thirteen months: they renew early, late or never, revoke, come with the wrong account, turn
 * back; and services die. How many, in which steps and from which seed is told by {@code -Dyear.connections=2000
 * -Dyear.step=1 -Dyear.seed=7}; the same seed makes the same merchants, habits and deaths.
 */
@Order(8)
class SimulatedYearTest {
    private static final int CONNECTIONS = Integer.getInteger("year.connections", 300);
    private static final Duration STEP = Duration.ofDays(Integer.getInteger("year.step", 7));
    private static final long SEED = Long.getLong("year.seed", 20_261_122);
    private static final Duration YEAR_AND_A_MONTH = Duration.ofDays(400);
    private static final Duration BEFORE_ANY_MAIL = Duration.ofDays(330);
    private static final String TENANT = "year";

    /** Accounts of nobody's connection: a consent with one that is would renew that one at the provider. */
    private static final int STRANGERS = 12;

    /** In so many steps, on average, a service dies. */
    private static final int CALM = 4;

    private static final List<StackService> MORTAL =
            List.of(StackService.AUTH_SERVICE, StackService.TOKEN_MONITOR, StackService.NOTIFIER);

    private static House house;
    private static Part fetcher;

    private final Random dice = new Random(SEED);

    /** Dice of their own: how many mails a step brings must not change who dies. */
    private final Random deaths = new Random(~SEED);

    private final YearBook book = new YearBook(house);
    private final Replicas front = Replicas.of(house, 1);
    private Map<String, Merchant> merchants;
    private Instant begin;
    private long lastMail;

    /** One with a shop, a habit, and what came of it so far. */
    private static final class Merchant {
        final Shop shop;
        final Habit habit;

        /** Whose account he is signed in with if it is the wrong one. */
        final Seller wrong;

        /** How long after the beginning he revokes if he is one who does. */
        final Duration revokesAfter;

        int mails;
        boolean turnedBack;
        boolean renewed;

        Merchant(Shop shop, Habit habit, Seller wrong, Duration revokesAfter) {
            this.shop = shop;
            this.habit = habit;
            this.wrong = wrong;
            this.revokesAfter = revokesAfter;
        }
    }

    @BeforeAll
    static void open_the_house() {
        house = House.shared();
        // a year of everybody's orders is another test's subject and would be most of this one's work
        fetcher = house.stack().part(StackService.FETCH_ORCHESTRATOR.processName());
        fetcher.stop();
    }

    @AfterAll
    static void bring_back_who_was_sent_away() {
        fetcher.start();
    }

    @Test
    void nobody_is_told_twice_nobody_is_forgotten_and_nobody_is_told_of_what_he_has_done() {
        System.out.printf("A year of %d connections in steps of %s, seed %d%n", CONNECTIONS, STEP, SEED);
        List<Shop> shops = Shop.open(house, TENANT, CONNECTIONS);
        letTokensEndAfterAYear();
        List<Seller> strangers = Seller.more(house, STRANGERS);
        merchants = shops.stream()
                .map(shop -> merchant(shop, strangers))
                .collect(Collectors.toMap(merchant -> merchant.shop.seller().email(), Function.identity()));
        lastMail = Ledger.count(house, StackService.SANDBOX, "select coalesce(max(id), 0) from mail");
        begin = house.now();
        int died = 0;
        try (Events events =
                house.events(Topics.CONNECTIONS, Topics.EXPIRY, Topics.REMINDERS, Topics.CONNECTION_STATE)) {
            while (house.now().isBefore(begin.plus(YEAR_AND_A_MONTH))) {
                boolean busy = house.now().isAfter(begin.plus(BEFORE_ANY_MAIL));
                Part victim = busy && deaths.nextInt(CALM) == 0
                        ? house.stack().part(any(MORTAL, deaths).processName())
                        : null;
                house.advance(STEP);
                book.noteStep(house.now());
                if (victim != null) {
                    victim.kill();
                    victim.start();
                    died++;
                }
                awaitQuiet(events);
                letMerchantsAct();
            }
            awaitQuiet(events);
            book.close(events, shops);
        }
        System.out.printf("%d services died. %s%n", died, book);
        book.assertNobodyIsToldTwice();
        book.assertNobodyIsForgotten(died == 0);
        book.assertNobodyIsToldOfWhatHeHasDone();
        book.assertEndsAreThoseOfTheProvider(shops);
    }

    /** The tokens of the import were made by the merchants themselves and would last; a website's consent does not. */
    private static void letTokensEndAfterAYear() {
        try (Connection database = house.database(StackService.SANDBOX)) {
            database.createStatement()
                    .executeUpdate(
                            """
                            update authorization_given set expires_at = authorized_at + interval '365 days'
                             where expires_at > authorized_at + interval '365 days'
                            """);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Everything that the step made due is announced, decided and mailed. */
    private void awaitQuiet(Events events) {
        awaitNone(
                StackService.TOKEN_MONITOR,
                "select count(*) from watched_connection where next_due_at <= '%s'".formatted(house.now()));
        awaitNone(StackService.TOKEN_MONITOR, "select count(*) from outbox");
        Backlog.awaitHandled(house, events, List.of("auth-service"));
        awaitNone(
                StackService.AUTH_SERVICE,
                """
                select count(*) from connection
                 where tenant_id = '%s' and state in ('ACTIVE', 'SUSPECT') and ends_at <= '%s'
                """
                        .formatted(TENANT, house.now().minusSeconds(1)));
        awaitNone(StackService.AUTH_SERVICE, "select count(*) from outbox");
        Backlog.awaitHandled(house, events, List.of("token-monitor", "notifier"));
        awaitNone(
                StackService.NOTIFIER,
                "select count(*) from reminder where tenant_id = '%s' and state in ('PENDING', 'SENDING')"
                        .formatted(TENANT));
        awaitNone(StackService.NOTIFIER, "select count(*) from outbox");
    }

    private static void awaitNone(StackService service, String sql) {
        await(service + ": none of " + sql)
                .atMost(90, TimeUnit.SECONDS)
                .pollDelay(Duration.ZERO)
                .pollInterval(100, TimeUnit.MILLISECONDS)
                .until(() -> Ledger.count(house, service, sql) == 0);
    }

    private void letMerchantsAct() {
        List<Runnable> acts = new ArrayList<>();
        for (Map.Entry<String, String> mail : newMails()) {
            Merchant merchant = merchants.get(mail.getKey());
            if (merchant != null && !merchant.renewed && ++merchant.mails >= merchant.habit.patience()) {
                acts.add(act(merchant, Mail.link(mail.getValue())));
            }
        }
        for (Merchant merchant : merchants.values()) {
            if (merchant.habit.kind() == Habit.Kind.REVOKES
                    && !merchant.turnedBack
                    && house.now().isAfter(begin.plus(merchant.revokesAfter))) {
                merchant.turnedBack = true;
                acts.add(() -> house.sandbox()
                        .call(
                                "POST",
                                "/sandbox/sellers/" + merchant.shop.seller().id() + "/revoke",
                                "{}"));
            }
        }
        AtOnce.each(acts, act -> {
            act.run();
            return act;
        });
    }

    private Runnable act(Merchant merchant, String link) {
        Shop shop = new Shop(merchant.shop.id(), merchant.shop.seller(), link);
        boolean first = !merchant.turnedBack;
        merchant.turnedBack = true;
        if (first && merchant.habit.kind() == Habit.Kind.CANCELS_FIRST) {
            return () -> new Renewal(front, shop).cancel();
        }
        if (first && merchant.habit.kind() == Habit.Kind.WRONG_ACCOUNT_FIRST) {
            return () -> assertThat(
                            new Renewal(front, shop, merchant.wrong).walk().outcome())
                    .isNotEqualTo("connected");
        }
        merchant.renewed = true;
        return () -> {
            Renewal renewal = new Renewal(front, shop).walk();
            await("renewal of " + shop.seller().email())
                    .atMost(60, TimeUnit.SECONDS)
                    .until(() -> !renewal.look().outcome().equals("checking"));
            assertThat(renewal.outcome()).isEqualTo("connected");
        };
    }

    /** Address and text of what came since the last look, the oldest first. */
    private List<Map.Entry<String, String>> newMails() {
        List<Map.Entry<String, String>> found = new ArrayList<>();
        try (Connection database = house.database(StackService.SANDBOX);
                ResultSet rows = database.createStatement()
                        .executeQuery(
                                "select id, recipients, text_body from mail where id > " + lastMail + " order by id")) {
            while (rows.next()) {
                lastMail = rows.getLong(1);
                found.add(Map.entry(rows.getString(2), rows.getString(3)));
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return found;
    }

    private Merchant merchant(Shop shop, List<Seller> strangers) {
        Habit habit = Habit.of(dice);
        List<Seller> near = strangers.stream()
                .filter(stranger -> stranger.region().equals(shop.seller().region()))
                .toList();
        return new Merchant(
                shop, habit, any(near, dice), Duration.ofDays(dice.nextInt((int) BEFORE_ANY_MAIL.toDays())));
    }

    private static <T> T any(List<T> all, Random dice) {
        return all.get(dice.nextInt(all.size()));
    }
}
