package io.perennial.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A rule too few stops a service in production, and one too many lets it say what is another's to say. */
class KafkaUsersTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private final Map<String, JsonNode> users = new HashMap<>();

    KafkaUsersTest() throws IOException {
        try (MappingIterator<JsonNode> all = YAML.readerFor(JsonNode.class)
                .readValues(Path.of("kafka", "users.yaml").toFile())) {
            all.forEachRemaining(user -> users.put(user.at("/metadata/name").asText(), user));
        }
    }

    @Test
    void every_service_reads_what_it_is_set_to_read_and_nothing_else() throws IOException {
        for (String service : services()) {
            Properties settings = settings(service);
            assertThat(topics(service, "Read")).as(service).isEqualTo(values(settings, ".topic", "-queue.topic"));
            assertThat(names(service, "group", "Read")).as(service).containsExactly(service);
            assertThat(values(settings, ".group.id", "none")).as(service).containsExactly(service);
        }
    }

    @Test
    void each_event_topic_is_written_by_its_publisher_and_dead_letters_by_their_consumer() throws IOException {
        Map<String, String> written = new TreeMap<>();
        for (String service : services()) {
            Set<String> deadLetters = new TreeSet<>();
            for (String topic : topics(service, "Write")) {
                if (topic.endsWith(".dlq")) {
                    deadLetters.add(topic);
                } else {
                    assertThat(written.put(topic, service)).as(topic).isNull();
                }
            }
            assertThat(deadLetters)
                    .as(service)
                    .isEqualTo(values(settings(service), ".dead-letter-queue.topic", "none"));
            assertThat(names(service, "transactionalId", "Write"))
                    .as(service)
                    .isEqualTo(written.containsValue(service) ? Set.of("perennial-outbox-" + service + "-") : Set.of());
        }

        assertThat(written).isEqualTo(publishers());
    }

    @Test
    void a_replay_reads_all_dead_letters_and_writes_to_replays_alone() {
        Set<String> deadLetters = new TreeSet<>();
        for (String service : services()) {
            topics(service, "Write").stream()
                    .filter(topic -> topic.endsWith(".dlq"))
                    .forEach(deadLetters::add);
        }

        assertThat(topics("perennial-replay", "Read")).containsAll(deadLetters);
        assertThat(topics("perennial-replay", "Write")).allMatch(topic -> topic.startsWith("perennial.replay."));
    }

    @Test
    void topics_are_named_one_by_one() {
        users.values().forEach(user -> user.at("/spec/authorization/acls").forEach(rule -> {
            if (rule.at("/resource/type").asText().equals("topic")) {
                assertThat(rule.at("/resource/patternType").asText()).isEqualTo("literal");
                assertThat(rule.at("/resource/name").asText()).doesNotContain("*");
            }
        }));
    }

    /** Of each topic, as the contract's page tells. */
    private static Map<String, String> publishers() throws IOException {
        JsonNode page = YAML.readTree(Path.of("../event-contracts/src/main/resources/perennial/asyncapi.yaml")
                .toFile());
        Map<String, String> publishers = new TreeMap<>();
        page.get("channels")
                .forEach(channel -> publishers.put(
                        channel.get("address").asText(),
                        channel.get("description").asText().replaceFirst("^.*Published by ([a-z-]+)\\..*$", "$1")));
        return publishers;
    }

    private Set<String> services() {
        Set<String> services = new TreeSet<>(users.keySet());
        services.remove("perennial-replay");
        assertThat(services)
                .containsExactly("auth-service", "console", "fetch-orchestrator", "notifier", "token-monitor");
        return services;
    }

    private Set<String> topics(String user, String operation) {
        return names(user, "topic", operation);
    }

    private Set<String> names(String user, String type, String operation) {
        Set<String> names = new TreeSet<>();
        users.get(user).at("/spec/authorization/acls").forEach(rule -> {
            if (rule.at("/resource/type").asText().equals(type)
                    && rule.get("operations").toString().contains('"' + operation + '"')) {
                names.add(rule.at("/resource/name").asText());
            }
        });
        return names;
    }

    private static Properties settings(String service) throws IOException {
        Properties settings = new Properties();
        try (Reader file =
                Files.newBufferedReader(Path.of("..", service, "src", "main", "resources", "application.properties"))) {
            settings.load(file);
        }
        return settings;
    }

    private static Set<String> values(Properties settings, String ending, String butNot) {
        return settings.stringPropertyNames().stream()
                .filter(name -> name.startsWith("mp.messaging.incoming."))
                .filter(name -> name.endsWith(ending) && !name.endsWith(butNot))
                .map(settings::getProperty)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
