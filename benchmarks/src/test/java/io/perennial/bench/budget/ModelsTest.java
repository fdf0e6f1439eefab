package io.perennial.bench.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The models do what their originals are known to do; figures by simulation of the published code, half a percent apart. */
class ModelsTest {
    @Test
    void one_call_per_header_never_uses_the_burst() {
        assertThat(seconds("model: Guava RateLimiter", Plan.ORDERS_V0, 20)).isCloseTo(1_138, within(6.0));
        assertThat(seconds("model: Amazon's SDK for Java", Plan.SEARCH_ORDERS, 20))
                .isCloseTo(3_393, within(17.0));
        assertThat(seconds("model: Amazon's SDK for Java", Plan.SEARCH_ORDERS, 100))
                .isCloseTo(17_679, within(90.0));
    }

    @Test
    void ten_tries_do_not_last_as_long_as_one_interval() {
        World amazon = new World(Plan.SEARCH_ORDERS, Weather.STEADY, 1);
        assertThat(client("model: python-amazon-sp-api").read(amazon, 100)).isFalse();
        assertThat(amazon.answered()).isBetween(20, 23);
    }

    @Test
    void who_learns_by_being_refused_is_refused_once_a_page() {
        World amazon = new World(Plan.SEARCH_ORDERS, Weather.STEADY, 1);
        client("model: Airbyte").read(amazon, 100);
        assertThat(amazon.refused()).isBetween(79, 83);
    }

    @Test
    void a_limiter_that_drops_what_does_not_fit_ends_with_the_burst_and_is_never_refused() {
        World amazon = new World(Plan.SEARCH_ORDERS, Weather.STEADY, 1);
        assertThat(client("model: Amazon's SDK for JavaScript (Bottleneck)").read(amazon, 100))
                .isFalse();
        assertThat(amazon.answered()).isEqualTo(20);
        assertThat(amazon.refused()).isZero();
    }

    @Test
    void who_does_nothing_ends_with_the_first_refusal() {
        World amazon = new World(Plan.SEARCH_ORDERS, Weather.STEADY, 1);
        assertThat(client("model: selling-partner-api for PHP (jlevers)").read(amazon, 100))
                .isFalse();
        assertThat(amazon.answered()).isEqualTo(20);
        assertThat(amazon.refused()).isEqualTo(1);
    }

    /** Twenty pauses of 1 / 0.0056 s and twenty answers. */
    @Test
    void a_pause_after_every_answer_never_uses_the_burst_either() {
        assertThat(seconds("model: CSharpAmazonSpAPI (abuzuhri)", Plan.SEARCH_ORDERS, 20))
                .isCloseTo(3_577, within(17.0));
    }

    @Test
    void retries_by_a_static_table_are_refused_once_a_page_and_lose_their_margin_each_time() {
        World amazon = new World(Plan.SEARCH_ORDERS, Weather.STEADY, 1);
        assertThat(client("model: sp-api-sdk (bizon)").read(amazon, 100)).isTrue();
        assertThat(amazon.refused()).isBetween(75, 83);
        assertThat(amazon.passed().toSeconds()).isGreaterThan(14_286);
    }

    @Test
    void without_a_header_the_sdk_hammers() {
        World amazon = new World(Plan.ORDERS_V0, Weather.SILENT, 1);
        client("model: Amazon's SDK for Java").read(amazon, 100);
        assertThat(amazon.refused()).isGreaterThan(1_000);
    }

    @Test
    void no_client_gets_more_than_the_burst_and_what_came_back() {
        for (String name : Models.all().keySet()) {
            World amazon = new World(Plan.ORDERS_V0, Weather.STEADY, 1);
            client(name).read(amazon, 60);
            long back = amazon.passed().dividedBy(Plan.ORDERS_V0.interval());
            assertThat(amazon.answered()).as(name).isLessThanOrEqualTo(20 + (int) back);
        }
    }

    private static double seconds(String name, Plan plan, int pages) {
        World amazon = new World(plan, Weather.STEADY, 1);
        assertThat(client(name).read(amazon, pages)).isTrue();
        assertThat(amazon.refused()).isZero();
        return amazon.passed().toMillis() / 1000.0;
    }

    private static Policy client(String name) {
        return Objects.requireNonNull(Models.all().get(name), name).get();
    }
}
