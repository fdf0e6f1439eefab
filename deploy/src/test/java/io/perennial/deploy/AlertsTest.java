package io.perennial.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An alert on a metric that nobody writes, or with a runbook that is not there, is found out in the night that needs it. */
class AlertsTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Path ROOT = Path.of("..");
    private static final Pattern METRIC = Pattern.compile("(?:perennial|kafka)_[a-z_]+");
    private static final Pattern WRITTEN = Pattern.compile("\"(perennial(?:\\.[a-z]+)+)\"");

    /** Of the Kafka client; InboxTest sees that it is there. */
    private static final String LAG = "kafka_consumer_fetch_manager_records_lag_max";

    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

    /** What the registry adds to the name of a meter: its unit and what it tells of it. */
    private static final Pattern SUFFIX = Pattern.compile("(_seconds)?(_total|_bucket|_count|_sum|_max)?$");

    @Test
    void every_alert_says_what_is_wrong_how_bad_it_is_and_where_to_read_on() throws IOException {
        assertThat(alerts()).hasSizeGreaterThan(10).allSatisfy(alert -> {
            assertThat(alert.path("alert").asText()).startsWith("Perennial");
            assertThat(alert.at("/labels/severity").asText()).isIn("critical", "warning");
            assertThat(alert.at("/annotations/summary").asText()).isNotBlank();
            assertThat(alert.path("for").asText()).matches("\\d+[mh]");
            assertThat(headings(alert.at("/annotations/runbook").asText()))
                    .as("headings of the runbook of " + alert.path("alert"))
                    .contains(alert.at("/annotations/runbook").asText().replaceFirst("^.*#", ""));
        });
        assertThat(alerts()).extracting(alert -> alert.path("alert").asText()).doesNotHaveDuplicates();
    }

    @Test
    void every_metric_of_an_alert_is_written_by_a_service() throws IOException {
        Set<String> written = written();
        for (JsonNode alert : alerts()) {
            assertThat(metrics(alert.path("expr").asText()))
                    .as(alert.path("alert").asText())
                    .isNotEmpty()
                    .allSatisfy(metric -> assertIsWritten(metric, written));
        }
    }

    private static void assertIsWritten(String metric, Set<String> written) {
        assertThat(List.of(metric, SUFFIX.matcher(metric).replaceFirst("")))
                .as(metric)
                .containsAnyElementsOf(written);
    }

    @Test
    void every_panel_of_the_dashboard_shows_a_metric_that_a_service_writes() throws IOException {
        Set<String> written = written();
        List<JsonNode> panels = new ArrayList<>();
        YAML.readTree(Path.of("alerts/dashboard.json").toFile()).path("panels").forEach(panels::add);
        assertThat(panels).hasSizeGreaterThan(10).allSatisfy(panel -> panel.path("targets")
                .forEach(target -> assertThat(metrics(target.path("expr").asText()))
                        .as(panel.path("title").asText())
                        .isNotEmpty()
                        .allSatisfy(metric -> assertIsWritten(metric, written))));
    }

    @Test
    void every_expression_of_the_runbooks_is_an_alert() throws IOException {
        String rules =
                alerts().stream().map(alert -> alert.path("expr").asText()).collect(Collectors.joining("\n"));
        for (Path runbook : runbooks()) {
            assertThat(metrics(tableOfAlerts(runbook))).as(runbook.toString()).allSatisfy(metric -> assertThat(rules)
                    .contains(SUFFIX.matcher(metric).replaceFirst("")));
        }
    }

    @Test
    void promtool_finds_the_rules_sound_and_each_does_what_it_says(@TempDir Path directory) throws Exception {
        YAML.writeValue(
                directory.resolve("rule.yaml").toFile(),
                YAML.readTree(rules().toFile()).path("spec"));
        Files.copy(Path.of("alerts/tests.yaml"), directory.resolve("tests.yaml"));
        promtool(directory, "check", "rules", "rule.yaml");
        promtool(directory, "test", "rules", "tests.yaml");
    }

    private static void promtool(Path directory, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(words));
        Process promtool;
        try {
            promtool = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            System.out.println(
                    "No promtool here: the alerts are not evaluated, only their names and runbooks are checked");
            assumeTrue(false, "No promtool here");
            throw e;
        }
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(promtool.waitFor()).as(said).isZero();
    }

    private static List<JsonNode> alerts() throws IOException {
        List<JsonNode> alerts = new ArrayList<>();
        YAML.readTree(rules().toFile()).at("/spec/groups").forEach(group -> group.path("rules")
                .forEach(alerts::add));
        return alerts;
    }

    private static Path rules() {
        return Path.of("alerts/rules.yaml");
    }

    private static Set<String> metrics(String text) {
        return METRIC.matcher(text).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The lines under "Alert on", if there are any. */
    private static String tableOfAlerts(Path runbook) throws IOException {
        String[] parts = Files.readString(runbook).split("(?m)^## Alert on$");
        return parts.length < 2 ? "" : parts[1].split("(?m)^## ")[0];
    }

    private static List<Path> runbooks() throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve("docs/runbooks"))) {
            return files.filter(file -> file.toString().endsWith(".md")).toList();
        }
    }

    /** As links name them: lower case, no punctuation, hyphens for spaces. */
    private static Set<String> headings(String runbook) throws IOException {
        return HEADING.matcher(Files.readString(ROOT.resolve(runbook.replaceFirst("#.*$", ""))))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9 -]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    private static Set<String> written() throws IOException {
        Set<String> names = new HashSet<>(Set.of(LAG));
        for (Path module : List.of(
                Path.of("auth-service"),
                Path.of("token-monitor"),
                Path.of("fetch-orchestrator"),
                Path.of("notifier"),
                Path.of("console"),
                Path.of("libs/outbox"),
                Path.of("libs/inbox"))) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    WRITTEN.matcher(Files.readString(file))
                            .results()
                            .forEach(name -> names.add(name.group(1).replace('.', '_')));
                }
            }
        }
        return names;
    }
}
