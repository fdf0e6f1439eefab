package io.perennial.example.listingsync;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What is given on the command line. */
record Options(String bootstrap, String topic, String group, Path state) {
    static final String USAGE =
            "usage: java -jar listing-sync.jar --bootstrap HOST:PORT [--state FILE] [--group NAME]" + " [--topic NAME]";
    private static final Set<String> KNOWN = Set.of("--bootstrap", "--topic", "--group", "--state");

    static Options of(String... arguments) {
        Map<String, String> given = new HashMap<>();
        for (int i = 0; i < arguments.length; i += 2) {
            if (!KNOWN.contains(arguments[i]) || i + 1 == arguments.length) {
                throw new IllegalArgumentException(USAGE);
            }
            given.put(arguments[i], arguments[i + 1]);
        }
        return new Options(
                given.getOrDefault("--bootstrap", "localhost:9092"),
                given.getOrDefault("--topic", "perennial.connections.v1"),
                given.getOrDefault("--group", "listing-sync"),
                Path.of(given.getOrDefault("--state", "listing-sync-state.json")));
    }
}
