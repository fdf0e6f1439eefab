package io.perennial.merchants.year;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.launcher.stack.StackService;
import io.perennial.merchants.Seller;
import io.perennial.merchants.Shop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a seed settles: the same one is the same year. */
class YearTest {
    private static final List<String> REGIONS = List.of("EU", "NA", "FE");
    private static final List<Shop> SHOPS = IntStream.range(0, 300)
            .mapToObj(n -> new Shop("c-" + n, seller("A", n), ""))
            .toList();
    private static final List<Seller> STRANGERS =
            IntStream.range(0, 12).mapToObj(n -> seller("S", n)).toList();

    @Test
    void the_same_seed_makes_the_same_merchants_do_the_same_and_another_one_does_not() {
        assertThat(acts(7)).isEqualTo(acts(7)).isNotEqualTo(acts(8));
        assertThat(String.join(" ", acts(7))).contains("RENEWED", "CAME_AS_ANOTHER as S", "TURNED_BACK", "REVOKED");
    }

    @Test
    void the_same_seed_brings_the_same_deaths_and_another_one_does_not() {
        assertThat(deaths(7)).isEqualTo(deaths(7)).isNotEqualTo(deaths(8));
        assertThat(deaths(7)).contains("NOTIFIER", "TOKEN_MONITOR", "-").doesNotContain("CONSOLE");
    }

    @Test
    void every_stretch_has_its_death_and_nobody_is_spared_whatever_the_seed() {
        for (long seed = 0; seed < 200; seed++) {
            List<String> deaths = deaths(seed);
            for (int from = 0; from < deaths.size(); from += 8) {
                assertThat(deaths.subList(from, from + 4))
                        .filteredOn("-"::equals)
                        .hasSize(3);
                assertThat(deaths.subList(from, Math.min(deaths.size(), from + 8)))
                        .filteredOn("NOTIFIER"::equals)
                        .hasSizeLessThanOrEqualTo(1);
            }
            assertThat(deaths.subList(0, 8)).contains("NOTIFIER", "TOKEN_MONITOR");
        }
    }

    /** What all do if each has a mail a week as soon as there is a reason to write. */
    private static List<String> acts(long seed) {
        List<Merchant> merchants = Year.merchants(SHOPS, STRANGERS, seed);
        List<String> acts = new ArrayList<>();
        for (int day = 7; day <= Year.LENGTH.toDays(); day += 7) {
            for (Merchant merchant : merchants) {
                if (merchant.revokes(Duration.ofDays(day))) {
                    acts.add(day + " " + merchant.shop.id() + " REVOKED");
                }
                if (day > Year.BEFORE_ANY_MAIL.toDays() && merchant.movedByMail()) {
                    acts.add(day + " " + merchant.shop.id() + " " + merchant.next() + " as " + merchant.wrong.id());
                }
            }
        }
        return acts;
    }

    private static List<String> deaths(long seed) {
        Deaths deaths = new Deaths(seed, List.of(StackService.TOKEN_MONITOR, StackService.NOTIFIER), 4);
        return IntStream.range(0, 60)
                .mapToObj(move -> deaths.next().map(StackService::name).orElse("-"))
                .toList();
    }

    private static Seller seller(String kind, int n) {
        String id = kind + n;
        return new Seller(
                id, "Shop " + id, "owner@" + id + ".example", "secret", REGIONS.get(n % REGIONS.size()), List.of());
    }
}
