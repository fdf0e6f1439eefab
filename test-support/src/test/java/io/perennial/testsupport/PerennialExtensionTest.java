package io.perennial.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PerennialExtension.class)
class PerennialExtensionTest {

    @Test
    void a_database_is_empty_each_time_it_is_asked_for(
            @Database("self_test") TestDatabase database, PerennialPostgres postgres) throws SQLException {
        try (Connection connection = database.connect()) {
            connection.createStatement().execute("create table left_behind(id int)");
            postgres.database("self_test");
            assertThat(connection.isValid(1)).isFalse();
        }
        try (Connection connection = database.connect();
                ResultSet found = connection.createStatement().executeQuery("select to_regclass('left_behind')")) {
            found.next();
            assertThat(found.getString(1)).isNull();
        }
    }

    @Test
    void sessions_live_in_a_time_zone_that_nobody_expects(@Database("zone_test") TestDatabase database)
            throws SQLException {
        assertThat(ZoneId.systemDefault()).isEqualTo(ZoneId.of(PerennialPostgres.TIME_ZONE));
        try (Connection connection = database.connect();
                ResultSet zone = connection.createStatement().executeQuery("show timezone")) {
            zone.next();
            assertThat(zone.getString(1)).isEqualTo(PerennialPostgres.TIME_ZONE);
        }
    }

    @Test
    void there_is_one_server_of_each_kind(PerennialPostgres postgres, PerennialKafka kafka) {
        assertThat(postgres.database("one").port())
                .isEqualTo(PerennialPostgres.shared().database("two").port());
        assertThat(kafka.bootstrapServers()).isEqualTo(PerennialKafka.shared().bootstrapServers());
    }

    @Test
    void events_are_read_committed_and_found_by_type_and_connection(PerennialKafka kafka) {
        String topic = kafka.newTopic("events");
        try (Events events = Events.fromNow(kafka.bootstrapServers(), topic);
                KafkaProducer<String, String> producer = producer(kafka, "teller")) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(event(topic, "TokenExpired", "c-1", 1));
            producer.flush();
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(event(topic, "TokenRenewed", "c-2", 2));
            producer.send(event(topic, "TokenRenewed", "c-1", 2));
            producer.commitTransaction();

            ReceivedEvent renewed = events.await("TokenRenewed", "c-1", 2);
            assertThat(renewed.key()).isEqualTo("c-1");
            assertThat(renewed.data().path("generation").asInt()).isEqualTo(2);
            assertThat(events.upToNow()).extracting(ReceivedEvent::type).containsOnly("TokenRenewed");
        }
    }

    @Test
    void the_contract_has_its_topics(PerennialKafka kafka) {
        kafka.createContractTopics();
        try (Events events = Events.ofAllTime(kafka.bootstrapServers(), "perennial.connections.v1")) {
            assertThat(events.upToNow()).isEmpty();
        }
    }

    @Test
    void the_clock_moves_on_and_goes_back_to_the_machine(TestClock clock) {
        clock.advance(Duration.ofDays(335));
        clock.advance(Duration.ofHours(12));
        assertThat(clock.file()).hasContent("PT8052H");
        assertThat(clock.now()).isAfter(java.time.Instant.now().plus(Duration.ofDays(335)));
        clock.reset();
        assertThat(clock.offset()).isZero();
    }

    @Test
    void a_start_that_failed_fails_again_without_another_try() {
        List<String> attempts = new java.util.ArrayList<>();
        Runnable start = () -> JvmWide.value("never", () -> {
            attempts.add("tried");
            throw new IllegalStateException("no engine");
        });
        assertThatThrownBy(start::run).hasMessage("no engine");
        assertThatThrownBy(start::run).hasMessage("no engine");
        assertThat(attempts).hasSize(1);
    }

    private static KafkaProducer<String, String> producer(PerennialKafka kafka, String transactionalId) {
        Map<String, Object> config =
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", transactionalId);
        return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    }

    private static ProducerRecord<String, String> event(String topic, String type, String connection, int generation) {
        return new ProducerRecord<>(
                topic,
                null,
                connection,
                "{\"generation\":" + generation + "}",
                List.of(header("ce_type", "io.perennial." + type + ".v1"), header("ce_subject", connection)));
    }

    private static RecordHeader header(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
