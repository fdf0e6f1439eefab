package io.perennial.fetch.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.contracts.OrderChange;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PolicyTest {
    @Test
    void pauses_double_up_to_their_limit_and_spread() {
        BackOffPolicy policy = new BackOffPolicy(Duration.ofSeconds(2), new Random(5));
        for (int failures = 1; failures < 100; failures++) {
            double full = Math.min(2 * Math.pow(2, failures - 1), 900);
            assertThat(policy.pause(failures, Duration.ofMinutes(15)).toMillis() / 1000.0)
                    .isBetween(full / 2 - 0.01, full);
        }
    }

    @Test
    void counts_add_up() {
        Counts counts = Counts.NONE.plusPage(10, List.of(OrderChange.NEW, OrderChange.NEW, OrderChange.UPDATED), 1);
        assertThat(counts).isEqualTo(new Counts(1, 2, 1, 7, 1));
    }

    @ParameterizedTest
    @EnumSource(Trouble.class)
    void every_trouble_is_told_in_plain_words(Trouble trouble) {
        assertThat(trouble.message()).endsWith(".").doesNotContain("_");
        assertThat(Trouble.of(trouble.name())).isEqualTo(trouble);
    }
}
