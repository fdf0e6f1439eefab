package io.perennial.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScoreTest {
    @Test
    void the_median_is_the_middle_value_or_the_mean_of_two() {
        assertThat(Score.median(3, 1, 2)).isEqualTo(2);
        assertThat(Score.median(4, 1, 2, 3)).isEqualTo(2.5);
    }

    @Test
    void the_interval_holds_the_median_and_is_always_the_same_for_the_same_values() {
        Score score = Score.of(0.8, 0.9, 1.0, 1.1, 1.2, 0.95, 1.05);
        assertThat(score.median()).isEqualTo(1.0);
        assertThat(score.low()).isBetween(0.8, 0.95);
        assertThat(score.high()).isBetween(1.05, 1.2);
        assertThat(Score.of(0.8, 0.9, 1.0, 1.1, 1.2, 0.95, 1.05)).isEqualTo(score);
    }

    @Test
    void values_that_agree_have_no_interval() {
        assertThat(Score.of(2, 2, 2)).isEqualTo(new Score(2, 2, 2));
    }

    @Test
    void the_worse_end_of_the_interval_decides_about_a_goal() {
        assertThat(Goal.atLeast(0.9).reachedBy(new Score(1, 0.9, 1.1))).isTrue();
        assertThat(Goal.atLeast(0.9).reachedBy(new Score(1, 0.89, 1.1))).isFalse();
        assertThat(Goal.atMost(10).reachedBy(new Score(9, 8, 10.1))).isFalse();
        assertThat(Goal.exactly(1).reachedBy(new Score(1, 1, 1))).isTrue();
        assertThat(Goal.exactly(1).reachedBy(new Score(1, 1, 2))).isFalse();
    }

    @Test
    void percentiles_are_measured_values() {
        long[] nanos = new long[100];
        for (int i = 0; i < nanos.length; i++) {
            nanos[i] = (100 - i) * 1_000_000L;
        }
        Percentiles found = Percentiles.of(nanos);
        assertThat(found).isEqualTo(new Percentiles(50, 99, 100, 100));
    }
}
