package io.perennial.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.perennial.bench.measure.Probe.Speed;
import io.perennial.bench.measure.Result.Title;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoundsTest {
    private static final Speed NORMAL = new Speed(10_000, 1_500, 300);
    private static final Title TITLE = new Title("callback", "of the rate", "limit");

    private final List<String> order = new ArrayList<>();
    private final Deque<Speed> speeds = new ArrayDeque<>();

    @Test
    void arms_run_in_order_and_back_and_a_machine_that_slows_down_steadily_changes_no_ratio() {
        double[] machine = {1.0};
        Arm limit = arm("limit", () -> 1000 * (machine[0] -= 0.01));
        Arm ours = arm("ours", () -> 500 * (machine[0] -= 0.01));
        Run run = rounds(2).run(List.of(limit, ours));
        assertThat(order).containsExactly("limit", "ours", "ours", "limit", "limit", "ours", "ours", "limit");
        assertThat(run.ratio("ours", "limit").median()).isCloseTo(0.5, within(0.001));
    }

    @Test
    void a_round_in_which_the_machine_changed_is_discarded() {
        speeds.addAll(List.of(NORMAL, NORMAL, NORMAL, NORMAL, NORMAL));
        speeds.addAll(List.of(NORMAL, NORMAL, new Speed(5_000, 900, 250), NORMAL, NORMAL));
        double[] rate = {100};
        Run run = rounds(4).run(List.of(arm("limit", () -> 100), arm("ours", () -> rate[0]++)));
        assertThat(run.discarded()).isEqualTo(1);
        assertThat(run.valid()).isTrue();
        assertThat(run.kept()).hasSize(3);
        assertThat(run.ratio("ours", "limit").high()).isCloseTo(1.065, within(1e-9));
    }

    @Test
    void a_run_with_too_many_discarded_rounds_meets_nothing() {
        Speed slow = new Speed(5_000, 900, 250);
        speeds.addAll(List.of(NORMAL, slow, NORMAL));
        Run run = rounds(1).run(List.of(arm("limit", () -> 100)));
        assertThat(run.valid()).isFalse();
        assertThat(run.ratio("limit", "limit").median()).isEqualTo(1);
    }

    @Test
    void probes_differ_by_the_mean_of_their_parts() {
        assertThat(NORMAL.differsFrom(NORMAL)).isZero();
        assertThat(NORMAL.differsFrom(new Speed(20_000, 3_000, 600))).isCloseTo(1, within(1e-9));
        assertThat(new Speed(20_000, 3_000, 600).differsFrom(NORMAL)).isCloseTo(1, within(1e-9));
    }

    @Test
    void what_grew_during_a_cell_is_divided_by_its_items() {
        long[] statements = {0};
        Gauges gauges = arm -> Map.of("statements", (double) (statements[0] += 300));
        Settings settings = new Settings(Duration.ofMillis(1), 1, Duration.ZERO, false);
        Run run = new Rounds(settings, () -> NORMAL, gauges, Progress.SILENT).run(List.of(arm("ours", () -> 100)));
        assertThat(run.perItem("ours")).containsExactly(Map.entry("statements", 3.0));
    }

    @Test
    void a_quick_or_short_run_is_not_conclusive() {
        assertThat(Settings.FULL.conclusive()).isTrue();
        assertThat(Settings.QUICK.conclusive()).isFalse();
        assertThat(new Settings(Duration.ofSeconds(5), 6, Duration.ZERO, false).conclusive())
                .isFalse();
        Result result = Result.of(TITLE, Goal.atLeast(0.5), new Score(1, 1, 1), false, Map.of(), Map.of());
        assertThat(result.met()).isFalse();
    }

    @Test
    void results_are_files_and_a_table(@TempDir Path directory) throws Exception {
        Path page = directory.resolve("README.md");
        Files.writeString(page, "# Before\n<!-- results -->\nold\n<!-- /results -->\nafter\n");
        Results results = new Results(directory.resolve("results"));
        results.write(Result.of(
                TITLE,
                Goal.atLeast(0.85),
                new Score(0.912345, 0.86, 0.95),
                true,
                Map.of("ours", 3),
                Map.of("rounds", 7)));
        results.tabulate(page);
        assertThat(page)
                .content()
                .contains("# Before\n<!-- results -->\n| Result |", "<!-- /results -->\nafter\n")
                .contains(
                        "| [callback](results/callback.json) | >= 0.85 | 0.912 (0.86 to 0.95) of the rate | limit | yes |")
                .doesNotContain("old");
        assertThat(directory.resolve("results/callback.json"))
                .content()
                .contains("\"met\" : true", "\"median\" : 0.912", "\"rounds\" : 7", "\"when\" : \"2");
    }

    private Rounds rounds(int count) {
        Settings settings = new Settings(Duration.ofMillis(1), count, Duration.ZERO, false);
        return new Rounds(settings, () -> speeds.isEmpty() ? NORMAL : speeds.poll(), Gauges.NONE, Progress.SILENT);
    }

    private interface Rate {
        double next();
    }

    private Arm arm(String name, Rate rate) {
        return new Arm() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Work work(Duration length) {
                order.add(name);
                return new Work(100, 100 / rate.next());
            }
        };
    }
}
