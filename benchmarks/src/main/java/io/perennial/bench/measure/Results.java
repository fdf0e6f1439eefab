package io.perennial.bench.measure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The results as files, and the table of all of them in the README. */
public final class Results {
    static final String BEGIN = "<!-- results -->";
    static final String END = "<!-- /results -->";

    private static final ObjectMapper JSON = new ObjectMapper()
            .registerModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(SerializationFeature.INDENT_OUTPUT);

    private final Path directory;

    public Results(Path directory) {
        this.directory = directory;
    }

    public void write(Result result) {
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve(result.name() + ".json"), JSON.writeValueAsString(result) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("can not write the result of " + result.name(), e);
        }
    }

    /** Puts the table of all results between the markers of a page. */
    public void tabulate(Path page) {
        try {
            String text = Files.readString(page);
            int begin = text.indexOf(BEGIN);
            int end = text.indexOf(END);
            if (begin < 0 || end < begin) {
                throw new IllegalStateException(page + " has no place for the results");
            }
            Files.writeString(
                    page,
                    text.substring(0, begin + BEGIN.length()) + "\n" + String.join("\n", table()) + "\n"
                            + text.substring(end));
        } catch (IOException e) {
            throw new UncheckedIOException("can not write the table of results into " + page, e);
        }
    }

    private List<String> table() throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "| Result | Goal | Median (95 % interval) | Against | Met | Commit |",
                "| --- | --- | --- | --- | --- | --- |"));
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(one -> one.toString().endsWith(".json"))
                    .sorted()
                    .toList()) {
                lines.add(row(JSON.readTree(file.toFile())));
            }
        }
        return lines;
    }

    private static String row(JsonNode result) {
        return String.format(
                Locale.ROOT,
                "| [%1$s](results/%1$s.json) | %2$s | %3$s (%4$s to %5$s) %6$s | %7$s | %8$s | %9$s |",
                result.path("name").asText(),
                result.path("goal").asText(),
                number(result.path("median")),
                number(result.path("low")),
                number(result.path("high")),
                result.path("unit").asText(),
                result.path("against").asText(),
                result.path("met").asBoolean() ? "yes" : "no",
                result.path("commit").asText());
    }

    private static String number(JsonNode value) {
        double number = value.asDouble();
        return number == Math.rint(number) ? String.format(Locale.ROOT, "%,d", (long) number) : String.valueOf(number);
    }
}
