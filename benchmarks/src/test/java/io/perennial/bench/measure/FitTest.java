package io.perennial.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.perennial.bench.measure.Fit.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FitTest {
    @Test
    void what_lies_on_a_plane_is_found_again() {
        Fit fit = Fit.of(points(0, 3, 0.5, 0.25));

        assertThat(fit.fixed().median()).isCloseTo(3, within(1e-6));
        assertThat(fit.due().median()).isCloseTo(0.5, within(1e-6));
        assertThat(fit.total().median()).isCloseTo(0.25, within(1e-6));
        assertThat(Goal.within(0).reachedBy(fit.total())).isFalse();
    }

    @Test
    void noise_alone_leaves_zero_within_the_interval_of_what_costs_nothing() {
        Fit fit = Fit.of(points(0.2, 3, 0.5, 0));

        assertThat(Goal.within(0).reachedBy(fit.total())).isTrue();
        assertThat(Goal.within(0).reachedBy(fit.due())).isFalse();
    }

    @Test
    void too_few_points_and_points_in_one_line_say_nothing() {
        assertThatThrownBy(() -> Fit.of(points(0, 1, 1, 1).subList(0, 3))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        Fit.of(List.of(new Point(1, 5, 1), new Point(2, 5, 2), new Point(3, 5, 3), new Point(4, 5, 4))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<Point> points(double noise, double fixed, double due, double total) {
        Random random = new Random(7);
        List<Point> points = new ArrayList<>();
        for (double d : new double[] {0, 10, 100, 1_000}) {
            for (double t : new double[] {10, 100, 1_000}) {
                points.add(new Point(d, t, fixed + due * d + total * t + noise * random.nextGaussian()));
            }
        }
        return points;
    }
}
