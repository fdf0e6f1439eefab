package io.perennial.launcher.cli;

import io.perennial.contracts.Topics;
import io.perennial.launcher.LauncherException;
import io.perennial.launcher.replay.DeadLetter;
import io.perennial.launcher.replay.Rebuild;
import io.perennial.launcher.replay.Replay;
import io.perennial.launcher.stack.Stack;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** Hands dead letters to their consumer again, or only tells which ones; tells a projection the present anew. */
record ReplayCommand(Stack stack, PrintStream out) {
    private static final String DRY_RUN = "--dry-run";
    private static final String KAFKA = "--kafka=";

    void run(List<String> words) {
        List<String> options =
                words.stream().filter(word -> word.startsWith("-")).toList();
        List<String> names =
                words.stream().filter(word -> !word.startsWith("-")).toList();
        if (!options.stream().allMatch(option -> option.equals(DRY_RUN) || option.startsWith(KAFKA))) {
            throw new WrongCall("replay knows --dry-run and --kafka=FILE only");
        }
        if (names.isEmpty()) {
            throw new WrongCall("replay needs a consumer: " + String.join(", ", Topics.consumers()));
        }
        String consumer = names.get(0);
        Replay replay = Replay.of(consumer, names.subList(1, names.size()));
        Map<String, Object> broker = broker(options);
        if (options.contains(DRY_RUN)) {
            tell(consumer, replay.waiting(broker));
        } else {
            out.println(count(replay.run(broker)) + " handed to " + consumer + " on " + Topics.replay(consumer));
        }
    }

    void rebuild(List<String> words) {
        List<String> names =
                words.stream().filter(word -> !word.startsWith(KAFKA)).toList();
        if (names.size() != 1 || names.get(0).startsWith("-")) {
            throw new WrongCall("rebuild needs one consumer, and knows --kafka=FILE only");
        }
        Rebuild rebuild = Rebuild.of(names.get(0));
        int told = rebuild.run(broker(words));
        out.println((told == 1 ? "1 state" : told + " states") + " told to " + names.get(0) + " on "
                + Topics.replay(names.get(0)));
    }

    private void tell(String consumer, List<DeadLetter> waiting) {
        for (DeadLetter letter : waiting) {
            out.println(
                    letter.position() + "  " + letter.type() + "  " + letter.connectionId() + "  " + letter.reason());
        }
        out.println(count(waiting.size()) + " of " + consumer + " would be replayed");
    }

    private static String count(int letters) {
        return letters == 1 ? "1 dead letter" : letters + " dead letters";
    }

    private Map<String, Object> broker(List<String> options) {
        for (String option : options) {
            if (option.startsWith(KAFKA)) {
                return settings(Path.of(option.substring(KAFKA.length())));
            }
        }
        if (!stack.part("kafka").ready()) {
            throw new LauncherException("Kafka is not running: ./perennial up starts it");
        }
        return Map.of("bootstrap.servers", stack.bootstrapServers());
    }

    private static Map<String, Object> settings(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new LauncherException("can not read the Kafka client's settings in " + file, e);
        }
        Map<String, Object> settings = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        return settings;
    }
}
