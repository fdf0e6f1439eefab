package io.perennial.launcher.kafka;

import java.nio.file.Path;
import java.util.Map;

/**
 * One broker.
 *
 * @param directory holds log segments and metadata; formatted on the first start, kept afterwards
 * @param properties added to, and stronger than, the launcher's own broker properties
 */
public record KafkaSettings(Path directory, int port, Path log, Path record, Map<String, String> properties) {

    public KafkaSettings {
        properties = Map.copyOf(properties);
    }
}
