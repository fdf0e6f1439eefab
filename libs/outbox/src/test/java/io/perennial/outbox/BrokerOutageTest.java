package io.perennial.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perennial.launcher.kafka.KafkaProcess;
import io.perennial.launcher.kafka.KafkaSettings;
import io.perennial.launcher.kafka.KafkaTopics;
import io.perennial.launcher.process.LoopbackPort;
import io.perennial.testsupport.Database;
import io.perennial.testsupport.Events;
import io.perennial.testsupport.PerennialExtension;
import io.perennial.testsupport.ReceivedEvent;
import io.perennial.testsupport.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** With a broker of its own, which it may stop. */
@ExtendWith(PerennialExtension.class)
class BrokerOutageTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TOPIC = "outage";
    private static final List<String> KEYS = List.of("a", "b", "c");

    @TempDir
    private Path directory;

    private KafkaSettings settings;

    @Test
    void writers_go_on_while_the_broker_is_away_and_everything_follows_in_order(
            @Database("outage") TestDatabase database) throws Exception {
        settings = new KafkaSettings(
                directory.resolve("kafka"),
                LoopbackPort.free(),
                directory.resolve("kafka.log"),
                directory.resolve("kafka.json"),
                Map.of());
        OutboxTable outbox = OutboxTable.in(database);
        KafkaProcess broker = KafkaProcess.start(settings);
        KafkaTopics.create(broker.bootstrapServers(), List.of(new KafkaTopics.Topic(TOPIC, 3, Map.of())));
        try (TestRelay relay = TestRelay.on(broker.bootstrapServers())
                .producer(Map.of("max.block.ms", "1000", "delivery.timeout.ms", "2000", "request.timeout.ms", "1000"))
                .start(database)) {
            write(outbox, 1, 40);
            await().atMost(PATIENCE).until(() -> outbox.rows() == 0);

            broker.process().kill();
            write(outbox, 41, 80);
            await().atMost(PATIENCE).until(() -> relay.count("perennial.outbox.failed") > 0);
            assertThat(outbox.rows()).isEqualTo(120);
            assertThat(outbox.number("select count(*) from outbox_dead")).isZero();

            broker = KafkaProcess.start(settings);
            write(outbox, 81, 100);
            await().atMost(PATIENCE).until(() -> outbox.rows() == 0);
            try (Events events = Events.ofAllTime(broker.bootstrapServers(), TOPIC)) {
                List<ReceivedEvent> all = events.upToNow();
                for (String key : KEYS) {
                    assertThat(all)
                            .filteredOn(event -> key.equals(event.key()))
                            .extracting(BrokerOutageTest::sequence)
                            .containsExactlyElementsOf(
                                    IntStream.rangeClosed(1, 100).boxed().toList());
                }
            }
        } finally {
            broker.process().kill();
        }
    }

    private static void write(OutboxTable outbox, int from, int to) throws Exception {
        try (Connection writer = outbox.database().connect()) {
            for (int n = from; n <= to; n++) {
                for (String key : KEYS) {
                    outbox.insert(writer, TOPIC, key, n);
                }
            }
        }
    }

    private static int sequence(ReceivedEvent event) {
        return Integer.parseInt(event.headers().get("ce_sequence"));
    }
}
