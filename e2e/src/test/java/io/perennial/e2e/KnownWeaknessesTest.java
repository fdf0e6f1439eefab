package io.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What ships, as it is packaged, beside {@code deploy/known-weaknesses.txt}. */
class KnownWeaknessesTest {
    private static final Path ROOT = Path.of(System.getProperty("perennial.root", ".."));
    private static final List<String> SERVICES =
            List.of("auth-service", "token-monitor", "fetch-orchestrator", "notifier", "console");
    private static final Pattern ACCESS_BY_PATH =
            Pattern.compile("quarkus[._]http[._]auth[._](permission|policy)", Pattern.CASE_INSENSITIVE);

    private record Weakness(String library, String firstSound, String name, String whyItDoesNotReachUs) {
        static Weakness parse(String line) {
            String[] words = line.split(" ", 4);
            return new Weakness(words[0], words[1], words[2], words.length == 4 ? words[3] : "");
        }

        Optional<String> versionIn(String jar) {
            String start = library.replace(':', '.') + "-";
            return jar.matches(Pattern.quote(start) + "\\d.*\\.jar")
                    ? Optional.of(jar.substring(start.length(), jar.length() - ".jar".length()))
                    : Optional.empty();
        }

        boolean isIn(String jar) {
            return versionIn(jar)
                    .filter(version -> isOlder(version, firstSound))
                    .isPresent();
        }
    }

    @Test
    void nothing_ships_that_is_known_to_be_weak() throws IOException {
        List<String> weak = new ArrayList<>();
        List<Weakness> known = known();
        packaged()
                .forEach((service, jars) -> jars.forEach(jar -> known.stream()
                        .filter(weakness -> weakness.whyItDoesNotReachUs().isEmpty() && weakness.isIn(jar))
                        .forEach(weakness -> weak.add(service + " ships " + jar + ": " + weakness.name()
                                + ", first sound version " + weakness.firstSound()))));

        assertThat(weak).isEmpty();
    }

    @Test
    void every_known_weakness_names_a_library_that_ships() throws IOException {
        List<String> jars = packaged().values().stream().flatMap(List::stream).toList();

        assertThat(known()).isNotEmpty().allSatisfy(weakness -> assertThat(jars)
                .as(weakness.library())
                .anyMatch(jar -> weakness.versionIn(jar).isPresent()));
    }

    @Test
    void versions_are_told_apart_by_their_numbers() {
        Weakness weakness = Weakness.parse("io.netty:netty-codec-http 4.1.137 CVE-0000-1");

        assertThat(List.of("io.netty.netty-codec-http-4.1.99.Final.jar", "io.netty.netty-codec-http-4.0.138.jar"))
                .allMatch(weakness::isIn);
        assertThat(List.of(
                        "io.netty.netty-codec-http-4.1.137.Final.jar",
                        "io.netty.netty-codec-http-4.2.0.Final.jar",
                        "io.netty.netty-codec-http2-4.1.99.Final.jar"))
                .noneMatch(weakness::isIn);
    }

    @Test
    void access_is_never_granted_by_path() throws IOException {
        List<Path> files = new ArrayList<>(
                List.of(ROOT.resolve("libs/service/src/main/resources/META-INF/microprofile-config.properties")));
        SERVICES.forEach(
                service -> files.add(ROOT.resolve(service).resolve("src/main/resources/application.properties")));
        for (String manifests : List.of("deploy/base", "deploy/overlays")) {
            try (Stream<Path> found = Files.walk(ROOT.resolve(manifests))) {
                found.filter(Files::isRegularFile).forEach(files::add);
            }
        }

        for (Path file : files) {
            assertThat(Files.readString(file)).as(file.toString()).doesNotContainPattern(ACCESS_BY_PATH);
        }
    }

    private static List<Weakness> known() throws IOException {
        try (Stream<String> lines = Files.lines(ROOT.resolve("deploy/known-weaknesses.txt"))) {
            return lines.filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(Weakness::parse)
                    .toList();
        }
    }

    private static Map<String, List<String>> packaged() throws IOException {
        Map<String, List<String>> all = new TreeMap<>();
        for (String service : SERVICES) {
            Path libraries = ROOT.resolve(service).resolve("target/quarkus-app/lib");
            try (Stream<Path> files = Files.walk(libraries)) {
                all.put(
                        service,
                        files.map(file -> file.getFileName().toString())
                                .filter(name -> name.endsWith(".jar"))
                                .toList());
            }
        }
        return all;
    }

    private static boolean isOlder(String version, String than) {
        List<Integer> left = numbers(version);
        List<Integer> right = numbers(than);
        for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
            int difference = (i < left.size() ? left.get(i) : 0) - (i < right.size() ? right.get(i) : 0);
            if (difference != 0) {
                return difference < 0;
            }
        }
        return false;
    }

    private static List<Integer> numbers(String version) {
        List<Integer> all = new ArrayList<>();
        for (String part : version.split("[.-]")) {
            if (!part.matches("\\d{1,9}")) {
                break;
            }
            all.add(Integer.valueOf(part));
        }
        return all;
    }
}
