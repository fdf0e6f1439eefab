package io.perennial.launcher.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perennial.launcher.process.LoopbackPort;
import io.perennial.launcher.process.OwnedProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaProcessTest {

    @TempDir
    Path home;

    @AfterEach
    void stopWhatIsLeft() {
        OwnedProcess.recorded(record()).ifPresent(OwnedProcess::kill);
    }

    @Test
    void records_survive_a_stop_and_a_kill() throws Exception {
        int port = LoopbackPort.free();
        KafkaProcess first = KafkaProcess.start(settings(port));
        List<KafkaTopics.Topic> topics = List.of(new KafkaTopics.Topic("kept", 1, Map.of("cleanup.policy", "compact")));
        KafkaTopics.create(first.bootstrapServers(), topics);
        KafkaTopics.create(
                first.bootstrapServers(),
                List.of(new KafkaTopics.Topic("kept", 1, Map.of("delete.retention.ms", "604800000"))));
        assertThat(setting(first, "delete.retention.ms")).isEqualTo("604800000");
        assertThat(setting(first, "cleanup.policy")).isEqualTo("compact");
        produce(first, "one");
        first.stop();

        KafkaProcess second = KafkaProcess.start(settings(port));
        produce(second, "two");
        second.process().kill();

        KafkaProcess third = KafkaProcess.start(settings(port));
        assertThat(read(third)).containsExactly("one", "two");
        third.stop();
        assertThat(OwnedProcess.recorded(record())).isEmpty();
        assertThat(Files.readString(home.resolve("kafka.log"))).doesNotContain("ERROR", "No SLF4J providers");
    }

    @Test
    void a_topic_that_nobody_made_is_an_error() {
        KafkaProcess kafka = KafkaProcess.start(settings(LoopbackPort.free()));
        assertThatThrownBy(() -> produce(kafka, "lost")).isInstanceOf(ExecutionException.class);
        kafka.stop();
    }

    private static void produce(KafkaProcess kafka, String value) throws Exception {
        Map<String, Object> config = Map.of("bootstrap.servers", kafka.bootstrapServers(), "max.block.ms", 3000);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("kept", "key", value)).get();
        }
    }

    private static String setting(KafkaProcess kafka, String name) throws Exception {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "kept");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            return admin.describeConfigs(List.of(topic))
                    .all()
                    .get()
                    .get(topic)
                    .get(name)
                    .value();
        }
    }

    private static List<String> read(KafkaProcess kafka) {
        Map<String, Object> config = Map.of("bootstrap.servers", kafka.bootstrapServers());
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            TopicPartition partition = new TopicPartition("kept", 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            return StreamSupport.stream(consumer.poll(Duration.ofSeconds(10)).spliterator(), false)
                    .map(record -> record.value())
                    .toList();
        }
    }

    private KafkaSettings settings(int port) {
        return new KafkaSettings(home.resolve("kafka"), port, home.resolve("kafka.log"), record(), Map.of());
    }

    private Path record() {
        return home.resolve("run/kafka.json");
    }
}
