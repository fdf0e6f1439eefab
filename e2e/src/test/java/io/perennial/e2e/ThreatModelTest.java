package io.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A defence whose test is gone is no defence: each test that the threat model names exists. */
class ThreatModelTest {
    private static final Path ROOT = Path.of(System.getProperty("perennial.root", ".."));
    private static final Pattern NAMED = Pattern.compile("`([a-z0-9]+(?:_[a-z0-9]+){3,}|[A-Z][A-Za-z]+Test)`");
    private static final Pattern WRITTEN = Pattern.compile("(?:void|class|ArchRule) ([A-Za-z0-9_]+)");

    @Test
    void every_test_that_the_threat_model_names_exists() throws IOException {
        Set<String> named = matches(NAMED, Files.readString(ROOT.resolve("docs/threat-model.md")));
        Set<String> written = new TreeSet<>();
        for (Path source : tests()) {
            written.addAll(matches(WRITTEN, Files.readString(source)));
        }

        assertThat(named).hasSizeGreaterThan(20);
        assertThat(written).containsAll(named);
    }

    private static Set<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toSet());
    }

    private static List<Path> tests() throws IOException {
        try (Stream<Path> files = Files.find(
                ROOT,
                20,
                (file, about) ->
                        file.toString().endsWith("Test.java") && file.toString().contains("/src/test/"))) {
            return files.toList();
        }
    }
}
