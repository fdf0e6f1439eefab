package io.perennial.testsupport;

import io.perennial.contracts.Topics;
import io.perennial.launcher.kafka.KafkaProcess;
import io.perennial.launcher.kafka.KafkaSettings;
import io.perennial.launcher.kafka.KafkaTopics;
import io.perennial.launcher.process.LoopbackPort;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The Kafka broker of this JVM. Topics are made explicitly, as everywhere: a misspelled name is an error. */
public final class PerennialKafka {

    /** Enough for order and ownership to matter, few enough to be quick. */
    public static final int PARTITIONS = 3;

    private final String bootstrapServers;

    private PerennialKafka(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /** The broker, started by the first call in this JVM. */
    public static PerennialKafka shared() {
        return new PerennialKafka(JvmWide.value("kafka", PerennialKafka::start));
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Makes the topic unless it exists. */
    public void createTopic(String name, int partitions) {
        createTopic(name, partitions, Map.of());
    }

    /** Makes the topic unless it exists; the configuration has Kafka's own names. */
    public void createTopic(String name, int partitions, Map<String, String> configuration) {
        KafkaTopics.create(bootstrapServers, List.of(new KafkaTopics.Topic(name, partitions, configuration)));
    }

    /** A topic that no other test has, so that tests need not clean up. */
    public String newTopic(String prefix) {
        return newTopic(prefix, PARTITIONS);
    }

    public String newTopic(String prefix, int partitions) {
        String name = prefix + "-" + UUID.randomUUID();
        createTopic(name, partitions);
        return name;
    }

    /** All topics of the contract with their dead-letter topics, once per JVM. */
    public void createContractTopics() {
        JvmWide.value("contract-topics", () -> {
            KafkaTopics.create(
                    bootstrapServers,
                    Topics.all().stream()
                            .map(topic -> new KafkaTopics.Topic(
                                    topic.name(), Math.min(topic.partitions(), PARTITIONS), topic.configs()))
                            .toList());
            return "created";
        });
    }

    private static String start() {
        if (Infrastructure.chosen() == Infrastructure.CONTAINERS) {
            return ContainerEngine.startKafka();
        }
        Path home = TestDirectory.path();
        return KafkaProcess.start(new KafkaSettings(
                        home.resolve("kafka"),
                        LoopbackPort.free(),
                        home.resolve("kafka.log"),
                        TestDirectory.record("kafka"),
                        Map.of()))
                .bootstrapServers();
    }
}
