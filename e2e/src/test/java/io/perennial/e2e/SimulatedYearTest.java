package io.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.launcher.stack.Part;
import io.perennial.launcher.stack.StackService;
import io.perennial.merchants.Api;
import io.perennial.merchants.AtOnce;
import io.perennial.merchants.Seller;
import io.perennial.merchants.Shop;
import io.perennial.merchants.year.Deaths;
import io.perennial.merchants.year.Witness;
import io.perennial.merchants.year.Year;
import io.perennial.merchants.year.YearBook;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Many merchants live through thirteen months, and services die. How many, in which steps and from which seed is told by
 * {@code -Dyear.connections=2000 -Dyear.step=1 -Dyear.seed=7}; the same seed makes the same merchants, habits and deaths.
 */
@Order(8)
class SimulatedYearTest {
    private static final int CONNECTIONS = Integer.getInteger("year.connections", 300);
    private static final Duration STEP = Duration.ofDays(Integer.getInteger("year.step", 7));
    private static final long SEED = Long.getLong("year.seed", 20_261_122);
    private static final String TENANT = "year";
    private static final int STRANGERS = 12;

    /** Twice the notifier's {@code perennial.reminders.parallel-mails}, as it is without a setting. */
    private static final int MAILS_IN_FLIGHT = 2 * 8;

    private static House house;
    private static Part fetcher;

    @BeforeAll
    static void open_the_house() {
        house = House.shared();
        // a year of everybody's orders is another test's subject and would be most of this one's work
        fetcher = house.stack().part(StackService.FETCH_ORCHESTRATOR.processName());
        fetcher.stop();
    }

    /** First the merchants go: all their orders of the year would be fetched beside the tests that follow. */
    @AfterAll
    static void bring_back_who_was_sent_away() {
        Api operator = house.auth("operator");
        AtOnce.each(
                Imported.connections(house, TENANT).values(),
                id -> operator.call("DELETE", "/api/connections/" + id, null));
        fetcher.start();
    }

    @Test
    void nobody_is_told_twice_nobody_is_forgotten_and_nobody_is_told_of_what_he_has_done() {
        System.out.printf("A year of %d connections in steps of %s, seed %d%n", CONNECTIONS, STEP, SEED);
        List<Shop> shops = Shops.open(house, TENANT, CONNECTIONS);
        letTokensEndAfterAYear();
        List<Seller> strangers = Seller.more(house.sandbox(), STRANGERS);
        Killer killer = new Killer(house.now());

        YearBook book = new Year(house.stack(), new Year.Plan(TENANT, STEP, STEP, SEED), shops, strangers).pass(killer);

        System.out.printf("Services died: %s. %s%n", killer.dead, book);
        assertThat(killer.dead).contains(Killer.MORTAL.toArray(StackService[]::new));
        assertThat(book.sent()).isPositive();
        assertThat(book.doubled()).isEmpty();
        assertThat(book.missing()).isEmpty();
        assertThat(book.unexpected()).isEmpty();
        assertThat(book.afterRenewal()).isEmpty();
        assertThat(book.wrongEnds()).isEmpty();
        assertThat(book.ends()).isPositive();
        assertThat(book.unexplained(Collections.frequency(killer.dead, StackService.NOTIFIER), MAILS_IN_FLIGHT))
                .isEmpty();
    }

    /** Kills a service now and then, in the middle of what a move of the clock has begun. */
    private static final class Killer implements Witness {
        private static final List<StackService> MORTAL =
                List.of(StackService.AUTH_SERVICE, StackService.TOKEN_MONITOR, StackService.NOTIFIER);

        /** While only revocations are told of, one dies in so long; each restart takes seconds. */
        private static final Duration CALM = Duration.ofDays(84);

        /** In so many steps in which many are written to, one dies: each service in the ten weekly ones. */
        private static final int BUSY = 3;

        private final Deaths calm =
                new Deaths(SEED, MORTAL, Math.toIntExact(Math.max(1, CALM.toDays() / STEP.toDays())));
        private final Deaths busy = new Deaths(SEED + 1, MORTAL, BUSY);
        private final Instant busyFrom;
        private final List<StackService> dead = new ArrayList<>();

        Killer(Instant begin) {
            this.busyFrom = begin.plus(Year.BEFORE_ANY_MAIL).plus(STEP);
        }

        @Override
        public void moved(Instant now) {
            (now.isAfter(busyFrom) ? busy : calm).next().ifPresent(this::kill);
        }

        private void kill(StackService victim) {
            Part part = house.stack().part(victim.processName());
            part.kill();
            part.start();
            dead.add(victim);
        }
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
}
