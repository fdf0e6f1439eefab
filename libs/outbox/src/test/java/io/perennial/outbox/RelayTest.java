package io.perennial.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.EventCodec;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.EventType;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.contracts.TokenExpired;
import io.perennial.contracts.Topics;
import io.perennial.testsupport.Database;
import io.perennial.testsupport.Events;
import io.perennial.testsupport.PerennialExtension;
import io.perennial.testsupport.PerennialKafka;
import io.perennial.testsupport.PerennialPostgres;
import io.perennial.testsupport.ReceivedEvent;
import io.perennial.testsupport.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(PerennialExtension.class)
class RelayTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final String service = "test-" + UUID.randomUUID();
    private OutboxTable outbox;
    private PerennialKafka kafka;
    private String topic;

    @BeforeEach
    void prepare(@Database("relay") TestDatabase database, PerennialKafka kafka) throws SQLException {
        this.outbox = OutboxTable.in(database);
        this.kafka = kafka;
        this.topic = kafka.newTopic("relay");
    }

    @Test
    void a_row_becomes_a_cloud_event() throws Exception {
        try (TestRelay relay = relay().start(outbox.database());
                Events events = Events.ofAllTime(kafka.bootstrapServers(), topic)) {
            UUID id = outbox.insert(topic, "connection-1", 7);

            ReceivedEvent event = events.await("TokenRenewed", "connection-1");

            assertThat(event.key()).isEqualTo("connection-1");
            assertThat(event.data().path("n").asInt()).isEqualTo(7);
            assertThat(event.headers())
                    .containsEntry("ce_id", id.toString())
                    .containsEntry("ce_type", "io.perennial.TokenRenewed.v1")
                    .containsEntry("ce_source", "/perennial/test")
                    .containsEntry("ce_time", "2026-05-01T10:00:00.123456Z")
                    .containsEntry("ce_sequence", "7")
                    .doesNotContainKey("traceparent");
            awaitEmpty();
            assertThat(relay.count("perennial.outbox.published")).isEqualTo(1);
        }
    }

    @Test
    void a_row_without_data_becomes_a_tombstone_and_a_trace_is_passed_on() throws Exception {
        try (Connection writer = outbox.database().connect();
                Events events = Events.ofAllTime(kafka.bootstrapServers(), topic);
                TestRelay relay = relay().start(outbox.database())) {
            writer.setAutoCommit(false);
            outbox.insert(writer, topic, "gone", 1, EventType.CONNECTION_STATE.type(), null);
            writer.createStatement().execute("update outbox set traceparent = '00-trace-01'");
            writer.commit();

            ReceivedEvent event = events.await("ConnectionState", "gone");

            assertThat(event.value()).isNull();
            assertThat(event.headers()).containsEntry("traceparent", "00-trace-01");
            awaitEmpty();
            assertThat(relay.count("perennial.outbox.dead")).isZero();
        }
    }

    @Test
    void events_of_a_key_keep_their_order_with_many_writers_and_two_relays() throws Exception {
        int keys = 12;
        int writers = 6;
        int transactions = 150;
        outbox.execute("create table aggregate (key text primary key, sequence bigint not null default 0)");
        for (int key = 0; key < keys; key++) {
            outbox.execute("insert into aggregate (key) values ('key-" + key + "')");
        }
        try (TestRelay one = relay().batchSize(40).start(outbox.database());
                TestRelay two = relay().batchSize(40).start(outbox.database());
                Events events = Events.ofAllTime(kafka.bootstrapServers(), topic)) {
            ExecutorService pool = Executors.newFixedThreadPool(writers);
            List<Future<?>> work = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                int seed = writer;
                work.add(pool.submit(() -> write(transactions, keys, new Random(seed))));
            }
            for (Future<?> one0 : work) {
                one0.get();
            }
            pool.shutdown();
            awaitEmpty();

            Map<String, List<Long>> sequences = sequences(events.upToNow());

            for (int key = 0; key < keys; key++) {
                long last = outbox.number("select sequence from aggregate where key = 'key-" + key + "'");
                assertThat(sequences.getOrDefault("key-" + key, List.of()))
                        .isEqualTo(LongStream.rangeClosed(1, last).boxed().toList());
            }
            assertThat(one.count("perennial.outbox.published") + two.count("perennial.outbox.published"))
                    .isEqualTo(outbox.number("select sum(sequence) from aggregate"));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = RelayStep.class,
            names = {"ROWS_READ", "BATCH_SENT", "BATCH_COMMITTED"})
    void a_relay_that_wakes_up_after_another_took_over_changes_nothing(RelayStep step) throws Exception {
        String key = "connection-1";
        Freezer freezer = new Freezer(step, 1);
        Set<UUID> ids = new HashSet<>();
        for (int n = 1; n <= 5; n++) {
            ids.add(outbox.insert(topic, key, n));
        }
        try (TestRelay old = relay().observer(freezer).start(outbox.database());
                Events events = Events.ofAllTime(kafka.bootstrapServers(), topic)) {
            await().atMost(PATIENCE).until(freezer::isFrozen);
            try (TestRelay young = relay().start(outbox.database())) {
                awaitEmpty();
                for (int n = 6; n <= 8; n++) {
                    ids.add(outbox.insert(topic, key, n));
                }
                awaitEmpty();

                freezer.thaw();
                if (step != RelayStep.BATCH_COMMITTED) {
                    await().atMost(PATIENCE).until(() -> old.count("perennial.outbox.fenced") > 0);
                }
                await().atMost(PATIENCE).until(() -> old.groups() == 2 && young.groups() == 2);
                for (int n = 9; n <= 10; n++) {
                    ids.add(outbox.insert(topic, key, n));
                }
                awaitEmpty();
            }

            List<ReceivedEvent> received = events.upToNow();
            assertThat(distinct(received))
                    .isEqualTo(LongStream.rangeClosed(1, 10).boxed().toList());
            assertThat(received)
                    .extracting(ReceivedEvent::id)
                    .containsAll(ids.stream().map(UUID::toString).toList());
            assertThat(received).hasSize(step == RelayStep.BATCH_COMMITTED ? 15 : 10);
        }
    }

    /** A relay that never wakes up again is one that was killed there. */
    @ParameterizedTest
    @EnumSource(
            value = RelayStep.class,
            names = {"ROWS_READ", "BATCH_SENT", "BATCH_COMMITTED"})
    void rows_that_were_read_ahead_when_another_took_over_are_not_published_from_there(RelayStep step)
            throws Exception {
        // One key in each slot of one group. A batch is half of it of each slot, then all of it of one;
        // at the third the other slot's rows of the second are deleted and its next ones read.
        int rows = 16;
        int batch = 8;
        List<String> keys = outbox.texts("select distinct on (outbox_slot(k)) k"
                + " from (select 'key-' || generate_series(1, 2000) as k) s where outbox_slot(k) % 4 = 0");
        for (int n = 1; n <= rows; n++) {
            insertForEach(keys, n);
        }
        Freezer freezer = new Freezer(step, 3);
        try (TestRelay old = relay().batchSize(batch).observer(freezer).start(outbox.database());
                Events events = Events.ofAllTime(kafka.bootstrapServers(), topic)) {
            await().atMost(PATIENCE).until(freezer::isFrozen);
            try (TestRelay young = relay().batchSize(batch).start(outbox.database())) {
                awaitEmpty();
                insertForEach(keys, rows + 1);
                awaitEmpty();
                freezer.thaw();
                if (step != RelayStep.BATCH_COMMITTED) {
                    await().atMost(PATIENCE).until(() -> old.count("perennial.outbox.fenced") > 0);
                }
                await().atMost(PATIENCE).until(() -> old.groups() == 2 && young.groups() == 2);
                insertForEach(keys, rows + 2);
                awaitEmpty();
            }

            List<ReceivedEvent> received = events.upToNow();
            assertThat(keys).hasSize(2);
            for (String key : keys) {
                assertThat(distinct(received.stream()
                                .filter(event -> key.equals(event.key()))
                                .toList()))
                        .isEqualTo(LongStream.rangeClosed(1, rows + 2).boxed().toList());
            }
            int all = keys.size() * (rows + 2);
            assertThat(received).hasSize(step == RelayStep.BATCH_COMMITTED ? all + batch : all);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_backlog_costs_few_statements_and_buffers_whether_or_not_the_server_knows_of_it(
            boolean analysed, PerennialPostgres postgres) throws Exception {
        int rows = 20_000;
        int batch = 200;
        outbox.insertMany(topic, rows, 500);
        if (analysed) {
            outbox.execute("analyze outbox"); // as the server does by itself, some time after they came
        }
        Duration never = Duration.ofHours(1);
        try (TestRelay relay = relay().batchSize(batch).poll(never).start(outbox.database());
                Events events = Events.ofAllTime(kafka.bootstrapServers(), topic)) {
            awaitEmpty();

            Map<String, List<Long>> sequences = sequences(events.upToNow());
            assertThat(sequences).hasSize(500);
            assertThat(sequences.values())
                    .allMatch(LongStream.rangeClosed(1, rows / 500).boxed().toList()::equals);
            assertThat(relay.count("perennial.outbox.published")).isEqualTo(rows);
        }
        String database = outbox.database().name();
        PerennialPostgres.Cost reads = postgres.cost(database, "select r.*%");
        PerennialPostgres.Cost deletes = postgres.cost(database, "delete from outbox where id%");
        assertThat(reads.calls() + deletes.calls()).isLessThanOrEqualTo(3 * rows / batch);
        assertThat(reads.buffers()).as("read").isLessThanOrEqualTo(2 * rows);
        assertThat(deletes.buffers()).as("deleted").isLessThanOrEqualTo(2 * rows);
    }

    @Test
    void headers_are_those_of_the_contract() {
        UUID id = UUID.randomUUID();
        Instant time = Instant.parse("2026-05-01T10:00:00.100Z");
        for (EventType type : EventType.values()) {
            for (String trace : Arrays.asList("00-trace-01", null)) {
                OutboxRow row = new OutboxRow(1, topic, "k", id, type.type(), "/s", "é", time, 7, trace, "{}");

                Map<String, String> made = new LinkedHashMap<>();
                row.toRecord().headers().forEach(header -> made.put(header.key(), new String(header.value(), UTF_8)));

                assertThat(made).containsExactlyEntriesOf(EventCodec.headers(id, type, "/s", "é", time, 7, trace));
            }
        }
        for (String text : List.of(
                "1970-01-01T00:00:00Z",
                "2026-12-31T23:59:59.999999Z",
                "2026-05-01T10:00:00.000001Z",
                "2026-05-01T10:20:30.010Z",
                "2026-05-01T10:20:30.000000001Z",
                "1969-12-31T23:59:58.500Z",
                "0000-02-29T00:00:00Z",
                "9999-12-31T23:59:59.999999999Z",
                "-0001-01-01T00:00:00Z",
                "+10000-01-01T00:00:00.120Z")) {
            assertThat(new String(EventHeaders.time(Instant.parse(text)), UTF_8))
                    .isEqualTo(text);
        }
    }

    @Test
    void a_lower_id_that_commits_late_is_not_skipped() throws Exception {
        String late = "late";
        String early = outbox.texts("select k from (select 'key-' || generate_series(1, 1000) as k) s"
                        + " where outbox_slot(k) = outbox_slot('" + late + "') limit 1")
                .get(0);
        try (TestRelay relay = relay().start(outbox.database());
                Connection slow = outbox.database().connect();
                Events events = Events.ofAllTime(kafka.bootstrapServers(), topic)) {
            slow.setAutoCommit(false);
            outbox.insert(slow, topic, late, 1);
            outbox.insert(topic, early, 1);
            events.await("TokenRenewed", early);
            awaitEmpty();

            slow.commit();

            events.await("TokenRenewed", late);
            awaitEmpty();
            assertThat(relay.count("perennial.outbox.published")).isEqualTo(2);
        }
    }

    @Test
    void a_row_that_kafka_can_never_take_is_buried_and_its_key_goes_on() throws Exception {
        String narrow = kafka.newTopic("narrow");
        kafka.createTopic(narrow + "-strict", 1, Map.of("max.message.bytes", "2000"));
        String noise = new Random(1)
                .ints(20_000, 'a', 'z')
                .mapToObj(c -> String.valueOf((char) c))
                .collect(Collectors.joining());
        try (Connection writer = outbox.database().connect()) {
            writer.setAutoCommit(false);
            outbox.insert(writer, topic, "k", 1);
            outbox.insert(writer, topic, "k", 2, "io.perennial.Unheard.v1", "{}");
            outbox.insert(writer, topic, "k", 3, EventType.TOKEN_RENEWED.type(), "x".repeat(1_100_000));
            outbox.insert(writer, narrow + "-strict", "k", 4, EventType.TOKEN_RENEWED.type(), noise);
            outbox.insert(writer, "not a topic's name", "k", 5, EventType.TOKEN_RENEWED.type(), "{}");
            outbox.insert(writer, topic, "k", 6);
            writer.commit();
        }
        try (TestRelay relay = relay().patience(Duration.ZERO).start(outbox.database());
                Events events = Events.ofAllTime(kafka.bootstrapServers(), topic)) {
            awaitEmpty();

            assertThat(sequences(events.upToNow())).containsEntry("k", List.of(1L, 6L));
            assertThat(outbox.texts("select sequence || ' ' || reason from outbox_dead order by sequence"))
                    .containsExactly(
                            "2 The event type is not in the contract",
                            "3 Kafka refuses the record: RecordTooLargeException",
                            "4 Kafka refuses the record: RecordTooLargeException",
                            "5 Kafka refuses the record: InvalidTopicException");
            assertThat(relay.count("perennial.outbox.dead")).isEqualTo(4);
        }
    }

    @Test
    void a_row_of_values_is_published_as_the_event_it_means_and_a_nonsensical_one_is_buried() throws Exception {
        UUID connection = UUID.randomUUID();
        outbox.execute(
                """
                insert into outbox (topic, message_key, event_id, event_type, source, subject, event_time, sequence,
                                    traceparent, data)
                select '', '%1$s', ('01990000-0000-7000-8000-00000000000' || n)::uuid, 'ended', '', '',
                       '2026-05-01T10:00:00.123456Z', n, case when n = 1 then '01' else '' end, case when n = 2 then 'never' else '2026-05-09T00:00:00Z' end
                from generate_series(1, 4) as n
                """
                        .formatted(connection));
        outbox.execute("update outbox set message_key = 'another' where sequence = 3");
        kafka.createContractTopics();
        try (Events events = Events.ofAllTime(kafka.bootstrapServers(), Topics.CONNECTIONS);
                TestRelay relay = relay().rendering(new Ended()).start(outbox.database())) {
            awaitEmpty();

            List<ReceivedEvent> arrived = events.upToNow().stream()
                    .filter(event -> event.key().equals(connection.toString()))
                    .toList();
            assertThat(arrived).extracting(RelayTest::sequence).containsExactly(1L, 4L);
            EventEnvelope first = Ended.event(
                    connection,
                    UUID.fromString("01990000-0000-7000-8000-000000000001"),
                    1,
                    "00-01990000000070008000000000000001-8000000000000001-01",
                    Instant.parse("2026-05-09T00:00:00Z"));
            assertThat(arrived.get(0).value()).asString(UTF_8).isEqualTo(EventCodec.toJson(first.data()));
            assertThat(arrived.get(0).headers()).containsExactlyInAnyOrderEntriesOf(EventCodec.headers(first));
            assertThat(arrived.get(1).headers().get("traceparent")).endsWith("8000000000000004-00");
            assertThat(outbox.texts(
                            "select sequence || ' ' || data || ' ' || reason from outbox_dead order by sequence"))
                    .satisfiesExactly(
                            unreadable ->
                                    assertThat(unreadable).startsWith("2 never No event can be made of the row: "),
                            foreign -> assertThat(foreign).endsWith("The row's event has another key or id"));
            assertThat(relay.count("perennial.outbox.dead")).isEqualTo(2);
        }
    }

    @Test
    void what_only_a_newer_relay_knows_is_left_to_it_with_the_later_rows_of_its_key_and_no_others() throws Exception {
        String connection = UUID.randomUUID().toString();
        String beside = outbox.texts("select k from (select 'key-' || generate_series(1, 1000) as k) s"
                        + " where outbox_slot(k) = outbox_slot('" + connection + "') limit 1")
                .get(0);
        kafka.createContractTopics();
        try (Connection writer = outbox.database().connect()) {
            writer.setAutoCommit(false);
            outbox.insert(writer, topic, connection, 1);
            outbox.insert(writer, "", connection, 2, "ended", "2026-05-09T00:00:00Z");
            outbox.insert(writer, topic, connection, 3);
            outbox.insert(writer, topic, beside, 1);
            writer.commit();
        }
        try (Events events = Events.ofAllTime(kafka.bootstrapServers(), topic);
                Events ends = Events.ofAllTime(kafka.bootstrapServers(), Topics.CONNECTIONS)) {
            try (TestRelay older = relay().start(outbox.database())) {
                events.await("TokenRenewed", beside);
                await().atMost(PATIENCE)
                        .until(() -> outbox.rows() == 2
                                && older.meters
                                                .get("perennial.outbox.left")
                                                .gauge()
                                                .value()
                                        == 1);
                outbox.insert(topic, connection, 4);
                outbox.insert(topic, beside, 2);
                await().atMost(PATIENCE).until(() -> outbox.rows() == 3);
                assertThat(older.count("perennial.outbox.dead")).isZero();
                assertThat(older.count("perennial.outbox.failed")).isZero();
            }
            assertThat(sequences(events.upToNow()))
                    .containsEntry(connection, List.of(1L))
                    .containsEntry(beside, List.of(1L, 2L));

            try (TestRelay newer = relay().rendering(new Ended()).start(outbox.database())) {
                awaitEmpty();
                assertThat(newer.meters.get("perennial.outbox.left").gauge().value())
                        .isZero();
            }
            assertThat(sequences(events.upToNow())).containsEntry(connection, List.of(1L, 3L, 4L));
            assertThat(sequences(ends.upToNow())).containsEntry(connection, List.of(2L));
        }
    }

    @Test
    void many_rows_that_only_a_newer_relay_knows_do_not_hide_what_waits_behind_them() throws Exception {
        String beside = outbox.texts("select k from (select 'key-' || generate_series(1, 1000) as k) s"
                        + " where outbox_slot(k) = outbox_slot('k') limit 1")
                .get(0);
        int batch = 8;
        try (Connection writer = outbox.database().connect()) {
            writer.setAutoCommit(false);
            for (int n = 1; n <= 10; n++) { // more than a batch
                outbox.insert(writer, topic, "k", n, "io.perennial.Unheard.v1", "{}");
            }
            for (int n = 11; n <= 20; n++) {
                outbox.insert(writer, topic, "k", n);
            }
            for (int n = 1; n <= 3 * batch; n++) {
                outbox.insert(writer, topic, beside, n);
            }
            writer.commit();
        }
        CompletableFuture<TestRelay> running = new CompletableFuture<>();
        List<Double> published = new CopyOnWriteArrayList<>(List.of(0.0));
        RelayStep.Observer counts = step -> {
            if (step == RelayStep.BATCH_COMMITTED) {
                published.add(running.join().count("perennial.outbox.published"));
            }
        };
        try (TestRelay relay = relay().batchSize(batch).observer(counts).start(outbox.database());
                Events events = Events.ofAllTime(kafka.bootstrapServers(), topic)) {
            running.complete(relay);
            await().atMost(PATIENCE).until(() -> outbox.rows() == 20);

            assertThat(sequences(events.upToNow()))
                    .isEqualTo(Map.of(
                            beside, LongStream.rangeClosed(1, 3 * batch).boxed().toList()));
            await().atMost(PATIENCE)
                    .until(() ->
                            relay.meters.get("perennial.outbox.left").gauge().value() == 10);

            outbox.execute("delete from outbox where event_type = 'io.perennial.Unheard.v1'");
            awaitEmpty();
            assertThat(sequences(events.upToNow()))
                    .containsEntry("k", LongStream.rangeClosed(11, 20).boxed().toList());
            await().atMost(PATIENCE)
                    .until(() ->
                            relay.meters.get("perennial.outbox.left").gauge().value() == 0);
        }
        assertThat(IntStream.range(1, published.size()).mapToDouble(i -> published.get(i) - published.get(i - 1)))
                .as("rows in one transaction")
                .allMatch(rows -> rows <= batch);
    }

    @Test
    void what_no_relay_knows_is_left_for_a_time_and_then_buried() throws Exception {
        try (Connection writer = outbox.database().connect()) {
            writer.setAutoCommit(false);
            for (int n = 1; n <= 60; n++) { // more than a slot's part of a batch
                outbox.insert(writer, topic, "k", n, "io.perennial.Unheard.v1", "{}");
            }
            outbox.insert(writer, topic, "k", 61);
            writer.commit();
        }
        try (TestRelay relay = relay().start(outbox.database());
                Events events = Events.ofAllTime(kafka.bootstrapServers(), topic)) {
            await().atMost(PATIENCE)
                    .until(() ->
                            relay.meters.get("perennial.outbox.left").gauge().value() > 0);
            assertThat(outbox.rows()).isEqualTo(61);

            outbox.execute("update outbox set created_at = created_at - interval '16 minutes'");

            awaitEmpty();
            assertThat(sequences(events.upToNow())).containsEntry("k", List.of(61L));
            assertThat(outbox.number("select count(*) from outbox_dead")).isEqualTo(60);
        }
    }

    @Test
    void rows_of_values_wait_until_relays_that_know_none_have_gone() throws Exception {
        String older = "insert into outbox_relay (relay, slot_groups, seen_at) values ('%s', 4, clock_timestamp())"
                + " on conflict (relay) do update set seen_at = excluded.seen_at";
        try (TestRelay relay = relay().start(outbox.database())) {
            await().atMost(PATIENCE).until(relay.backlog::renders);

            outbox.execute(older.formatted("older"));
            await().atMost(PATIENCE).until(() -> !relay.backlog.renders());
            outbox.execute("delete from outbox_relay where relay = 'older'");
            await().atMost(PATIENCE).until(relay.backlog::renders);
        }
        outbox.execute("insert into outbox_relay values ('killed', 4, clock_timestamp() - interval '1 minute', null)");
        try (TestRelay another = relay().disabled().start(outbox.database())) {
            await().atMost(PATIENCE).until(another.backlog::renders);

            // A replica with a lasting name goes back to the release before.
            outbox.execute("insert into outbox_relay select 'replica-0', 4, now, now from clock_timestamp() as now");
            outbox.execute(older.formatted("replica-0"));
            await().atMost(PATIENCE).until(() -> !another.backlog.renders());
        }
    }

    @Test
    void a_failover_of_the_database_costs_no_event(PerennialPostgres postgres) throws Exception {
        try (TestRelay relay = relay().batchSize(10).start(outbox.database());
                Events events = Events.ofAllTime(kafka.bootstrapServers(), topic)) {
            for (int n = 1; n <= 300; n += 60) {
                try (Connection writer = outbox.database().connect()) {
                    for (int next = n; next < n + 60; next++) {
                        outbox.insert(writer, topic, "k", next);
                    }
                }
                postgres.terminateSessions(outbox.database());
            }
            awaitEmpty();

            assertThat(distinct(events.upToNow()))
                    .isEqualTo(LongStream.rangeClosed(1, 300).boxed().toList());
            assertThat(relay.count("perennial.outbox.dead")).isZero();
        }
    }

    @Test
    void a_second_relay_gets_its_share_and_gives_it_back_when_it_stops() throws Exception {
        // The lease outlives the test: only giving back can explain a change of owner.
        Duration lease = Duration.ofMinutes(10);
        try (TestRelay first = relay().lease(lease).start(outbox.database())) {
            await().atMost(PATIENCE).until(() -> first.groups() == 4);
            try (TestRelay second = relay().lease(lease).start(outbox.database())) {
                await().atMost(PATIENCE).until(() -> first.groups() == 2 && second.groups() == 2);
            }
            await().atMost(PATIENCE).until(() -> first.groups() == 4);
        }
        assertThat(outbox.number("select count(*) from outbox_lease where owner is not null"))
                .isZero();
        assertThat(outbox.number("select count(*) from outbox_relay")).isZero();
    }

    @Test
    void a_relay_with_a_lasting_name_goes_on_where_its_former_life_was_killed() throws Exception {
        outbox.execute("insert into outbox_lease (slot_group, owner, epoch, expires_at)"
                + " select n, 'replica-0', 7, clock_timestamp() + interval '1 day' from generate_series(0, 7) n");
        // it divided the slots otherwise, too
        outbox.execute("insert into outbox_relay values ('replica-0', 8, clock_timestamp() + interval '1 day')");
        try (TestRelay relay = relay().name("replica-0").start(outbox.database());
                Events events = Events.ofAllTime(kafka.bootstrapServers(), topic)) {
            outbox.insert(topic, "k", 1);

            events.await("TokenRenewed", "k");

            await().atMost(PATIENCE).until(() -> relay.groups() == 4);
            assertThat(outbox.number("select min(epoch) from outbox_lease where slot_group < 4"))
                    .isEqualTo(8);
        }
    }

    @Test
    void a_wake_up_reaches_the_relay_of_another_replica() throws Exception {
        // Nobody polls while the test lasts: only the hint can explain that the other relay publishes.
        Duration never = Duration.ofHours(1);
        try (TestRelay first = relay().poll(never).start(outbox.database());
                TestRelay second = relay().poll(never).start(outbox.database());
                Events events = Events.ofAllTime(kafka.bootstrapServers(), topic)) {
            await().atMost(PATIENCE).until(() -> first.groups() == 2 && second.groups() == 2);
            await().atMost(PATIENCE).until(() -> listeners() == 2);
            for (int key = 0; key < 20; key++) {
                outbox.insert(topic, "key-" + key, 1);
            }

            first.wake();

            events.awaitCount(20, "events of both relays", event -> true);
            // A consumer may see the records before the producer hears of its commit.
            await().atMost(PATIENCE)
                    .until(() -> first.count("perennial.outbox.published") > 0
                            && second.count("perennial.outbox.published") > 0);
        }
        assertThat(listeners()).isZero();
    }

    @Test
    void a_relay_that_divides_the_slots_otherwise_waits_for_the_others_to_go() throws Exception {
        outbox.execute("insert into outbox_relay values ('other', 8, clock_timestamp() + interval '1 day')");
        try (TestRelay relay = relay().start(outbox.database());
                Events events = Events.ofAllTime(kafka.bootstrapServers(), topic)) {
            outbox.insert(topic, "k", 1);
            await().atMost(PATIENCE).until(() -> outbox.number("select count(*) from outbox_relay") == 2);
            assertThat(relay.groups()).isZero();

            outbox.execute("delete from outbox_relay where relay = 'other'");

            events.await("TokenRenewed", "k");
        }
    }

    @Test
    void loops_are_told_to_stop_when_the_outbox_reaches_its_cap() throws Exception {
        try (TestRelay relay =
                relay().disabled().cap(5).lease(Duration.ofMillis(200)).start(outbox.database())) {
            for (int n = 1; n <= 4; n++) {
                outbox.insert(topic, "k", n);
            }
            await().atMost(PATIENCE)
                    .until(() ->
                            relay.meters.get("perennial.outbox.rows").gauge().value() == 4);
            assertThat(relay.backlog.full()).isFalse();

            outbox.insert(topic, "k", 5);
            outbox.insert(topic, "k", 6);

            await().atMost(PATIENCE).until(relay.backlog::full);
            assertThat(relay.meters
                            .get("perennial.outbox.oldest.age.seconds")
                            .gauge()
                            .value())
                    .isPositive();
            outbox.execute("delete from outbox");
            await().atMost(PATIENCE).until(() -> !relay.backlog.full());
        }
    }

    @Test
    void keys_spread_over_all_slots() {
        assertThat(outbox.number("select count(distinct outbox_slot('key-' || n)) from generate_series(1, 2000) n"))
                .isEqualTo(RelaySettings.SLOTS);
        assertThat(IntStream.range(0, 4)
                        .mapToObj(group -> settings().slots(group))
                        .flatMap(slots -> slots.stream()))
                .hasSize(RelaySettings.SLOTS)
                .doesNotHaveDuplicates();
    }

    @Test
    void rows_that_wait_while_slots_become_fewer_keep_their_groups_and_their_order(
            @Database("fewer") TestDatabase database) throws Exception {
        OutboxTable older = OutboxTable.withManySlots(database);
        older.insertMany(topic, 600, 200);
        assertThat(older.number("select count(distinct slot) from outbox")).isGreaterThan(RelaySettings.SLOTS);
        List<String> groups = older.texts("select slot % 4 from outbox order by id");

        older.keepRowsOfASlotTogether();

        assertThat(older.texts("select slot % 4 from outbox order by id")).isEqualTo(groups);
        older.insertMany(topic, 200, 200);
        assertThat(older.number("select count(*) from outbox where slot <> outbox_slot(message_key)"))
                .isZero();
        try (TestRelay relay = relay().start(database);
                Events events = Events.ofAllTime(kafka.bootstrapServers(), topic)) {
            await().atMost(PATIENCE).until(() -> older.rows() == 0);
            assertThat(sequences(events.upToNow()).values()).hasSize(200).allMatch(List.of(1L, 2L, 3L, 1L)::equals);
            assertThat(relay.count("perennial.outbox.published")).isEqualTo(800);
        }
    }

    private static RelaySettings settings() {
        Duration second = Duration.ofSeconds(1);
        return new RelaySettings("s", "r", true, 4, 8, second, second, second, second, Map.of());
    }

    private void insertForEach(List<String> keys, long sequence) throws SQLException {
        for (String key : keys) {
            outbox.insert(topic, key, sequence);
        }
    }

    private TestRelay.Options relay() {
        return TestRelay.on(kafka.bootstrapServers()).service(service);
    }

    private Void write(int transactions, int keys, Random random) throws SQLException {
        try (Connection writer = outbox.database().connect();
                PreparedStatement lock = writer.prepareStatement(
                        "update aggregate set sequence = sequence + 1 where key = ? returning sequence")) {
            writer.setAutoCommit(false);
            for (int i = 0; i < transactions; i++) {
                String key = "key-" + random.nextInt(keys);
                lock.setString(1, key);
                try (ResultSet locked = lock.executeQuery()) {
                    locked.next();
                    outbox.insert(writer, topic, key, locked.getLong(1));
                }
                if (random.nextInt(5) == 0) {
                    writer.rollback();
                } else {
                    writer.commit();
                }
            }
        }
        return null;
    }

    /** Sessions of this database whose last statement began to listen; nothing else runs on such a session. */
    private long listeners() throws SQLException {
        return outbox.number("select count(*) from pg_stat_activity"
                + " where datname = current_database() and query = 'listen perennial_outbox'");
    }

    private void awaitEmpty() {
        await().atMost(PATIENCE).until(() -> outbox.rows() == 0);
    }

    private static Map<String, List<Long>> sequences(List<ReceivedEvent> events) {
        return events.stream()
                .collect(Collectors.groupingBy(
                        ReceivedEvent::key, Collectors.mapping(RelayTest::sequence, Collectors.toList())));
    }

    /** Sequences in order of arrival, each event only when it is seen first. */
    private static List<Long> distinct(List<ReceivedEvent> events) {
        Set<String> seen = new HashSet<>();
        return events.stream()
                .filter(event -> seen.add(event.id()))
                .map(RelayTest::sequence)
                .toList();
    }

    /** Makes events of rows that hold the end of a grant. */
    private static final class Ended implements Rendering {
        @Override
        public String name() {
            return "ended";
        }

        @Override
        public EventEnvelope render(Values row) {
            String key = row.key().equals("another") ? UUID.randomUUID().toString() : row.key();
            Instant end = Instant.parse(Objects.requireNonNull(row.data()));
            return event(UUID.fromString(key), row.eventId(), row.sequence(), row.traceparent(), end);
        }

        private static EventEnvelope event(UUID connection, UUID id, long sequence, String traceparent, Instant end) {
            Instant time = Instant.parse("2026-05-01T10:00:00.123456Z");
            ConnectionRef about =
                    new ConnectionRef("acme", connection, "shop", Provider.AMAZON_SELLER, Region.EU, 1, time);
            return new EventEnvelope(
                    id,
                    EventType.TOKEN_EXPIRED,
                    "/perennial/test",
                    time,
                    sequence,
                    traceparent,
                    new TokenExpired(about, end));
        }
    }

    private static long sequence(ReceivedEvent event) {
        return Long.parseLong(event.headers().get("ce_sequence"));
    }
}
