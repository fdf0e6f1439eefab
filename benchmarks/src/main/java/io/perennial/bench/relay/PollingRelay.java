package io.perennial.bench.relay;

import io.perennial.launcher.LauncherException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The relay that everybody writes first: one thread that locks the oldest rows, sends them, waits for the broker, deletes
 * them, commits, and sleeps when there are none. One process alone, no wake-up, no fencing.
 */
final class PollingRelay implements Relaying {
    static final int BATCH = 1_000;
    static final int PAUSE_MILLIS = 100;

    private static final String READ = Columns.SELECT + " order by id limit " + BATCH + " for update skip locked";

    private final OutboxRows rows;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicLong relayed = new AtomicLong();
    private final Thread thread = new Thread(this::run, "polling-relay");
    private volatile boolean stopping;
    private volatile @Nullable Exception failure;

    private PollingRelay(OutboxRows rows, String bootstrapServers) {
        this.rows = rows;
        this.producer = plainProducer(bootstrapServers);
    }

    static PollingRelay start(OutboxRows rows, String bootstrapServers) {
        PollingRelay relay = new PollingRelay(rows, bootstrapServers);
        relay.thread.start();
        return relay;
    }

    /** Idempotent, acknowledged by all, compressed and batched as the relay's own. */
    static KafkaProducer<byte[], byte[]> plainProducer(String bootstrapServers) {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        true,
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4",
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        64 << 10),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @Override
    public long relayed() {
        Exception failed = failure;
        if (failed != null) {
            throw new LauncherException("the polling relay failed: " + failed, failed);
        }
        return relayed.get();
    }

    private void run() {
        try (Connection connection = rows.connect()) {
            connection.setAutoCommit(false);
            while (!stopping) {
                int done = batch(connection);
                relayed.addAndGet(done);
                if (done == 0) {
                    Thread.sleep(PAUSE_MILLIS);
                }
            }
        } catch (SQLException | ExecutionException e) {
            failure = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int batch(Connection connection) throws SQLException, ExecutionException, InterruptedException {
        List<Long> ids = new ArrayList<>();
        List<Future<?>> sent = new ArrayList<>();
        try (PreparedStatement read = connection.prepareStatement(READ);
                ResultSet found = read.executeQuery()) {
            while (found.next()) {
                ids.add(found.getLong(1));
                sent.add(producer.send(Columns.record(found)));
            }
        }
        for (Future<?> result : sent) {
            result.get();
        }
        if (!ids.isEmpty()) {
            try (PreparedStatement delete = connection.prepareStatement("delete from outbox where id = any (?)")) {
                delete.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
                delete.executeUpdate();
            }
        }
        connection.commit();
        return ids.size();
    }

    @Override
    public void close() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close();
    }

    /** A row as every arm that reads with JDBC sees it. */
    static final class Columns {
        static final String SELECT =
                "select id, topic, message_key, event_id, event_type, source, subject, event_time, sequence, traceparent,"
                        + " data from outbox";

        private static final List<String> HEADERS =
                List.of("ce_id", "ce_type", "ce_source", "ce_subject", "ce_time", "ce_sequence", "traceparent");

        /** Those of the contract that are the same for all rows of the benchmark. */
        static final Map<String, byte[]> CONSTANT = Map.of(
                "ce_specversion", bytes("1.0"),
                "ce_dataschema", bytes("/perennial/schema/TokenRenewed.v1.json"),
                "content-type", bytes("application/json"));

        private Columns() {}

        static ProducerRecord<byte[], byte[]> record(ResultSet row) throws SQLException {
            ProducerRecord<byte[], byte[]> record =
                    new ProducerRecord<>(row.getString(2), null, bytes(row.getString(3)), bytes(row.getString(11)));
            for (int i = 0; i < HEADERS.size(); i++) {
                record.headers().add(HEADERS.get(i), bytes(row.getString(4 + i)));
            }
            CONSTANT.forEach((name, value) -> record.headers().add(name, value));
            return record;
        }

        private static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }
}
