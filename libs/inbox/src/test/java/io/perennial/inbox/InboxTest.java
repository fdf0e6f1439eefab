package io.perennial.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.perennial.contracts.EventCodec;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.Topics;
import io.perennial.launcher.replay.DeadLetter;
import io.perennial.launcher.replay.Replay;
import io.perennial.testsupport.Events;
import io.perennial.testsupport.PerennialKafka;
import io.perennial.testsupport.ReceivedEvent;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.Config;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithPerennial(database = "inbox_test")
class InboxTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String DEAD_LETTERS = Topics.deadLetters(Topics.CONNECTIONS, "token-monitor");
    private static final String REPLAYS = Topics.replay("token-monitor");
    private static final String DEAD_REPLAYS = Topics.deadLetters(REPLAYS, "token-monitor");

    @Inject
    EffectConsumer consumer;

    @Inject
    DataSource database;

    @Inject
    MeterRegistry meters;

    @Inject
    Pruning pruning;

    @Inject
    Config config;

    private final UUID connection = UUID.randomUUID();
    private Effects effects;
    private Sender sender;
    private Events deadLetters;

    @BeforeEach
    void open() {
        effects = new Effects(database);
        sender = new Sender(broker());
        deadLetters = Events.fromNow(broker(), DEAD_LETTERS);
    }

    @AfterEach
    void close() {
        consumer.failures.set(0);
        sender.close();
        deadLetters.close();
    }

    @Test
    void an_event_that_arrives_again_has_one_effect() {
        double duplicates = count("perennial.inbox.duplicates");
        EventEnvelope event = Sender.expired(connection, 1);
        sender.send(event);
        sender.send(event);
        awaitSequences(1L);

        sender.send(event);
        sender.send(Sender.expired(connection, 2));

        awaitSequences(1L, 2L);
        await().atMost(PATIENCE).until(() -> count("perennial.inbox.duplicates") == duplicates + 2);
        assertThat(deadLetters.upToNow()).isEmpty();
    }

    @Test
    void events_of_a_connection_are_handled_in_order() {
        for (long n = 1; n <= 1200; n++) {
            sender.send(Sender.expired(connection, n));
        }

        awaitSequences(LongStream.rangeClosed(1, 1200).boxed().toArray(Long[]::new));
    }

    @Test
    void a_record_that_can_not_be_read_is_put_aside_and_the_partition_goes_on() {
        EventEnvelope broken = Sender.expired(connection, 2);
        Map<String, String> headers = EventCodec.headers(broken);
        sender.send(Sender.expired(connection, 1));
        sender.send(Topics.CONNECTIONS, broken.key(), headers, bytes("{\"customer\": \"Jane Roe\", \"x"));
        sender.send(Topics.CONNECTIONS, broken.key(), headers, null);
        sender.send(Topics.CONNECTIONS, broken.key(), Map.of(), new byte[] {(byte) 0xff, (byte) 0xfe});
        sender.sendTo(Topics.CONNECTIONS, Sender.tenant(1));
        sender.send(Sender.expired(connection, 3));

        awaitSequences(1L, 3L);
        List<ReceivedEvent> dead = deadLetters.awaitCount(4, "dead letters", event -> true);
        assertThat(dead)
                .extracting(event -> event.headers().get("dead-letter-reason"))
                .containsExactlyInAnyOrder(
                        "The data is not a readable TokenExpired",
                        "The record has no value",
                        "Header ce_type is missing",
                        "The event is about something else than the others on its topic");
        assertThat(dead).allSatisfy(event -> {
            assertThat(event.headers()).doesNotContainKey("dead-letter-cause");
            assertThat(event.headers().values()).noneMatch(value -> value.contains("Jane"));
            assertThat(event.headers()).containsEntry("dead-letter-topic", Topics.CONNECTIONS);
        });
        assertThat(effects.remembered(broken.id())).isFalse();
    }

    @Test
    void an_event_that_the_handler_declares_poison_leaves_no_trace_and_the_rest_goes_on() {
        EventEnvelope bad = Sender.expired(connection, 2);
        consumer.poison.add(bad.id());
        sender.send(Sender.expired(connection, 1));
        sender.send(bad);
        sender.send(bad);
        sender.send(Sender.expired(connection, 3));

        awaitSequences(1L, 3L);

        ReceivedEvent dead = deadLetters.await("TokenExpired", connection.toString());
        assertThat(dead.id()).isEqualTo(bad.id().toString());
        assertThat(dead.headers()).containsEntry("dead-letter-reason", "Not for this world");
        assertThat(dead.data().path("connectionId").asText()).isEqualTo(connection.toString());
        assertThat(effects.remembered(bad.id())).isFalse();
    }

    @Test
    void a_dead_letter_has_its_effect_once_when_it_is_replayed_after_the_mend() {
        EventEnvelope refused = Sender.expired(connection, 2);
        consumer.poison.add(refused.id());
        sender.send(Sender.expired(connection, 1));
        sender.send(refused);
        sender.send(Sender.expired(connection, 3));
        awaitSequences(1L, 3L);
        deadLetters.await("TokenExpired", connection.toString());

        try (Events again = Events.fromNow(broker(), REPLAYS, DEAD_REPLAYS)) {
            assertThat(replay()).isPositive();
            ReceivedEvent refusedAgain = again.await(
                    "the letter, put aside again",
                    event -> event.topic().equals(DEAD_REPLAYS)
                            && event.id().equals(refused.id().toString()));
            assertThat(refusedAgain.headers()).containsEntry("dead-letter-topic", REPLAYS);
            assertThat(effects.remembered(refused.id())).isFalse();

            consumer.poison.remove(refused.id());
            assertThat(waiting())
                    .extracting(DeadLetter::connectionId, DeadLetter::reason)
                    .contains(tuple(connection.toString(), "Not for this world"));
            assertThat(replay()).isPositive();
            awaitSequences(1L, 3L, 2L);
            ReceivedEvent replayed = again.await(
                    "the letter as it was first",
                    event -> event.topic().equals(REPLAYS)
                            && event.id().equals(refused.id().toString()));
            assertThat(replayed.headers().keySet()).noneMatch(name -> name.startsWith("dead-letter-"));
            assertThat(replayed.headers()).containsAllEntriesOf(EventCodec.headers(refused));
            assertThat(replayed.key()).isEqualTo(refused.key());
        }
        assertThat(waiting()).extracting(DeadLetter::connectionId).doesNotContain(connection.toString());
    }

    @Test
    void an_event_that_comes_by_replay_too_has_one_effect_and_one_of_another_topic_none() {
        double duplicates = count("perennial.inbox.duplicates");
        EventEnvelope event = Sender.expired(connection, 1);
        EventEnvelope foreign = Sender.state(connection, 2);
        sender.send(event);
        awaitSequences(1L);

        sender.sendTo(REPLAYS, event);
        sender.sendTo(REPLAYS, foreign);
        sender.sendTo(REPLAYS, event);
        sender.sendTo(REPLAYS, Sender.expired(connection, 3));

        awaitSequences(1L, 3L);
        await().atMost(PATIENCE).until(() -> count("perennial.inbox.duplicates") == duplicates + 2);
    }

    @Test
    void a_batch_that_fails_for_any_other_reason_is_repeated_until_it_succeeds() {
        double retries = count("perennial.inbox.retries");
        consumer.failures.set(3);
        for (long n = 1; n <= 5; n++) {
            sender.send(Sender.expired(connection, n));
        }

        awaitSequences(1L, 2L, 3L, 4L, 5L);

        assertThat(count("perennial.inbox.retries")).isGreaterThanOrEqualTo(retries + 3);
        assertThat(deadLetters.upToNow()).isEmpty();
    }

    @Test
    void the_log_tells_where_the_records_lie_that_fail() {
        List<String> lines = new CopyOnWriteArrayList<>();
        Handler listener = listener(lines);
        Logger log = Logger.getLogger(RetryPolicy.class.getName());
        log.addHandler(listener);
        try {
            consumer.failures.set(1);
            sender.send(Sender.expired(connection, 1));
            awaitSequences(1L);
        } finally {
            log.removeHandler(listener);
        }

        assertThat(lines).anySatisfy(line -> assertThat(line)
                .containsPattern(
                        "token-monitor failed and is retried; records=perennial\\.connections\\.v1-\\d+@\\d+\\.\\.\\d+")
                .contains("Not now"));
    }

    private static Handler listener(List<String> lines) {
        return new Handler() {
            @Override
            public void publish(LogRecord record) {
                lines.add(ExtLogRecord.wrap(record).getFormattedMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }

    @Test
    void a_failover_of_the_database_neither_loses_nor_doubles_an_effect() {
        for (long n = 1; n <= 400; n++) {
            sender.send(Sender.expired(connection, n));
            if (n % 100 == 0) {
                sender.flush();
                cutSessions();
            }
        }

        awaitSequences(LongStream.rangeClosed(1, 400).boxed().toArray(Long[]::new));
        assertThat(deadLetters.upToNow()).isEmpty();
    }

    @Test
    void an_event_type_of_a_later_version_is_skipped_silently() {
        Map<String, String> headers = new HashMap<>(EventCodec.headers(Sender.expired(connection, 1)));
        headers.put(EventCodec.TYPE, "io.perennial.TokenPolished.v1");
        sender.send(Topics.CONNECTIONS, connection.toString(), headers, bytes("{}"));
        sender.send(Sender.expired(connection, 2));

        awaitSequences(2L);
        assertThat(deadLetters.upToNow()).isEmpty();
    }

    @Test
    void a_known_event_type_in_an_unknown_version_is_put_aside() {
        Map<String, String> headers = new HashMap<>(EventCodec.headers(Sender.expired(connection, 1)));
        headers.put(EventCodec.TYPE, "io.perennial.TokenExpired.v2");
        sender.send(Topics.CONNECTIONS, connection.toString(), headers, bytes("{}"));
        sender.send(Sender.expired(connection, 2));

        awaitSequences(2L);
        ReceivedEvent dead =
                deadLetters.await("the other version", event -> event.key().equals(connection.toString()));
        assertThat(dead.headers())
                .containsEntry("dead-letter-reason", "The event is of a version that this topic does not hold");
    }

    @Test
    void a_record_without_a_bottom_is_put_aside() {
        Map<String, String> headers = EventCodec.headers(Sender.expired(connection, 1));
        sender.send(Topics.CONNECTIONS, connection.toString(), headers, bytes("{\"a\":".repeat(100_000)));
        sender.send(Sender.expired(connection, 2));

        awaitSequences(2L);
        deadLetters.await("TokenExpired", connection.toString());
    }

    /** With the reason in its headers it is larger still. */
    @Test
    void the_largest_record_that_the_broker_takes_is_put_aside() {
        Map<String, String> headers = EventCodec.headers(Sender.expired(connection, 1));
        int size = 1_048_576;
        while (!sender.takes(Topics.CONNECTIONS, connection.toString(), headers, new byte[size])) {
            size -= 20;
        }
        sender.send(Sender.expired(connection, 2));

        awaitSequences(2L);
        ReceivedEvent dead = deadLetters.await("TokenExpired", connection.toString());
        assertThat(dead.value()).hasSize(size);
    }

    @Test
    void a_tombstone_of_a_compacted_topic_is_skipped_silently() {
        EventEnvelope gone = Sender.state(connection, 1);
        sender.send(Topics.CONNECTION_STATE, gone.key(), EventCodec.headers(gone), null);
        sender.send(Topics.CONNECTION_STATE, gone.key(), Map.of(), null);
        sender.send(Sender.state(connection, 2));

        awaitSequences(2L);
        try (Events dead = Events.ofAllTime(broker(), Topics.deadLetters(Topics.CONNECTION_STATE, "console"))) {
            assertThat(dead.upToNow()).isEmpty();
        }
    }

    @Test
    void events_older_than_any_topic_keeps_are_forgotten() throws Exception {
        effects.execute("insert into inbox select 'old', gen_random_uuid(), clock_timestamp() - interval '401 days'"
                + " from generate_series(1, 3)");
        effects.execute("insert into inbox values ('old', gen_random_uuid(), clock_timestamp() - interval '399 days')");

        pruning.prune();

        await().atMost(PATIENCE).until(() -> effects.number("select count(*) from inbox where consumer = 'old'") == 1);
    }

    @Test
    void the_library_brings_the_settings_of_every_channel() {
        assertThat(config.getValue("mp.messaging.connector.smallrye-kafka.isolation.level", String.class))
                .isEqualTo("read_committed");
        assertThat(config.getValue("mp.messaging.connector.smallrye-kafka.session.timeout.ms", int.class))
                .isEqualTo(6000);
        assertThat(meters.get("perennial.inbox.last.handled").timeGauge()).isNotNull();
    }

    @Test
    void the_meters_of_a_consumer_are_there_before_its_first_record() {
        for (String name : List.of("handled", "duplicates", "dead.letters", "retries")) {
            assertThat(meters.get("perennial.inbox." + name)
                            .tag("consumer", "notifier")
                            .counter()
                            .count())
                    .isZero();
        }
    }

    @Test
    void a_batch_that_does_not_come_to_an_end_grows_old_in_hand() {
        CompletableFuture<Void> end = new CompletableFuture<>();
        consumer.gate = end;
        try {
            sender.send(Sender.expired(connection, 1));
            sender.flush();
            await().atMost(PATIENCE).until(() -> inHandMillis() > 500);
        } finally {
            end.complete(null);
        }
        awaitSequences(1L);
        await().atMost(PATIENCE).until(() -> inHandMillis() == 0);
    }

    /** The alert on lag asks for this name. */
    @Test
    void lag_is_among_the_metrics_by_channel() {
        sender.send(Sender.expired(connection, 1));
        awaitSequences(1L);
        await().atMost(PATIENCE)
                .until(() -> meters.find("kafka.consumer.fetch.manager.records.lag.max")
                                .tag("client.id", "kafka-consumer-connections")
                                .meter()
                        != null);
    }

    private double inHandMillis() {
        return meters.get("perennial.inbox.in.hand")
                .tag("consumer", "token-monitor")
                .timeGauge()
                .value(TimeUnit.MILLISECONDS);
    }

    private static int replay() {
        return Replay.of("token-monitor", List.of()).run(Map.of("bootstrap.servers", broker()));
    }

    private static List<DeadLetter> waiting() {
        return Replay.of("token-monitor", List.of()).waiting(Map.of("bootstrap.servers", broker()));
    }

    private static String broker() {
        return PerennialKafka.shared().bootstrapServers();
    }

    private void awaitSequences(Long... wanted) {
        sender.flush();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(effects.sequences(connection)).containsExactly(wanted));
    }

    private double count(String name) {
        return meters.find(name).tag("consumer", "token-monitor").counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private void cutSessions() {
        effects.number("select count(pg_terminate_backend(pid)) from pg_stat_activity"
                + " where datname = current_database() and pid <> pg_backend_pid()");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
