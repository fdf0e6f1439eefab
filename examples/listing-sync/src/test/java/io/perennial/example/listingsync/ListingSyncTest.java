package io.perennial.example.listingsync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.perennial.testsupport.PerennialExtension;
import io.perennial.testsupport.PerennialKafka;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(PerennialExtension.class)
class ListingSyncTest {
    private final String connection = UUID.randomUUID().toString();

    @TempDir
    Path directory;

    PerennialKafka kafka;
    String topic;
    KafkaProducer<String, byte[]> producer;

    @BeforeEach
    void open(PerennialKafka broker) {
        kafka = broker;
        topic = broker.newTopic("connections");
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "test-" + UUID.randomUUID()),
                new StringSerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
    }

    @AfterEach
    void close() {
        producer.close();
    }

    @Test
    void an_expiry_pauses_the_sync_and_the_renewal_resumes_it() {
        try (Running sync = start()) {
            publish("ConnectionAuthorized", 1, 1);
            publish("TokenExpired", 1, 2);
            publish("TokenRenewed", 2, 3);

            sync.awaitLines(3);
            assertThat(sync.lines())
                    .containsExactly(
                            "RESUMED shop-17 of acme because of ConnectionAuthorized, generation 1",
                            "PAUSED  shop-17 of acme because of TokenExpired, generation 1",
                            "RESUMED shop-17 of acme because of TokenRenewed, generation 2");
        }
    }

    @Test
    void a_late_event_of_a_former_consent_and_a_repeated_one_change_nothing() {
        try (Running sync = start()) {
            publish("TokenRenewed", 2, 3);
            publish("TokenExpired", 1, 2);
            ProducerRecord<String, byte[]> revoked = record("TokenRevoked", 2, 4);
            send(revoked);
            send(revoked);
            publish("TokenReinstated", 2, 5);
            send(revoked);
            publish("ConnectionDisconnected", 2, 6);

            sync.awaitLines(4);
            assertThat(sync.lines())
                    .extracting(line -> line.substring(0, 8).strip())
                    .containsExactly("RESUMED", "PAUSED", "RESUMED", "PAUSED");
        }
    }

    @Test
    void what_was_taken_back_unknown_or_broken_is_skipped() {
        try (Running sync = start()) {
            producer.beginTransaction();
            producer.send(record("TokenRevoked", 1, 1));
            producer.flush();
            producer.abortTransaction();
            publish("SomethingNew", 1, 2);
            ProducerRecord<String, byte[]> broken = new ProducerRecord<>(topic, connection, bytes("{"));
            broken.headers().add("ce_type", bytes("io.perennial.TokenRevoked.v1"));
            send(broken);
            publish("ConnectionAuthorized", 1, 3);

            sync.awaitLines(1);
            assertThat(sync.lines()).singleElement().asString().startsWith("RESUMED");
        }
    }

    @Test
    void a_restart_goes_on_where_it_was_even_if_offsets_were_lost() {
        try (Running sync = start()) {
            publish("ConnectionAuthorized", 1, 1);
            publish("TokenExpired", 1, 2);
            sync.awaitLines(2);
        }

        try (Running again = start("another-group-" + UUID.randomUUID())) {
            publish("TokenRenewed", 2, 3);

            again.awaitLines(1);
            assertThat(again.lines()).singleElement().asString().contains("TokenRenewed");
        }
    }

    @Test
    void a_wrong_option_is_answered_with_the_usage() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.of("--boot", "x"))
                .withMessage(Options.USAGE);
        assertThat(Options.of().bootstrap()).isEqualTo("localhost:9092");
    }

    private Running start() {
        return start("group-" + UUID.randomUUID());
    }

    private Running start(String group) {
        return new Running(new Options(kafka.bootstrapServers(), topic, group, directory.resolve("state.json")));
    }

    private void publish(String type, int generation, long sequence) {
        send(record(type, generation, sequence));
    }

    private void send(ProducerRecord<String, byte[]> record) {
        producer.beginTransaction();
        producer.send(record);
        producer.commitTransaction();
    }

    private ProducerRecord<String, byte[]> record(String type, int generation, long sequence) {
        String data = "{\"tenantId\":\"acme\",\"connectionId\":\"" + connection
                + "\",\"externalId\":\"shop-17\",\"generation\":" + generation + ",\"unknown\":true}";
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, connection, bytes(data));
        record.headers().add("ce_type", bytes("io.perennial." + type + ".v1"));
        record.headers().add("ce_id", bytes(UUID.randomUUID().toString()));
        record.headers().add("ce_sequence", bytes(String.valueOf(sequence)));
        return record;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The consumer on a thread of its own, with what it prints. */
    private static final class Running implements AutoCloseable {
        private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
        private final ListingSync sync;
        private final CompletableFuture<Void> ended;

        Running(Options options) {
            sync = new ListingSync(options, new PrintStream(printed, true, StandardCharsets.UTF_8));
            ended = CompletableFuture.runAsync(sync::run);
        }

        List<String> lines() {
            return printed.toString(StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("PAUSED") || line.startsWith("RESUMED"))
                    .toList();
        }

        void awaitLines(int number) {
            await("lines of the sync").atMost(Duration.ofSeconds(30)).until(() -> lines().size() >= number);
        }

        @Override
        public void close() {
            sync.close();
            ended.join();
        }
    }
}
