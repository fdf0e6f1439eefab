package io.perennial.bench.relay;

import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import io.perennial.bench.lab.Lab;
import io.perennial.launcher.LauncherException;
import io.perennial.launcher.process.Waiting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Debezium's embedded engine with its outbox event router, and an idempotent producer behind it that is waited for after each
 * batch. Records are taken as Connect has them, without a conversion that the rows do not need.
 */
final class DebeziumRelay implements Relaying {
    private static final Duration START = Duration.ofSeconds(30);

    /** Debezium's own defaults: it looks every half second. */
    static final Map<String, String> DEFAULTS = Map.of();

    /** Looks every 10 ms. */
    static final Map<String, String> OFTEN = Map.of("poll.interval.ms", "10");

    /** Looks every 10 ms, and takes more at once. */
    static final Map<String, String> TUNED =
            Map.of("poll.interval.ms", "10", "max.batch.size", "8192", "max.queue.size", "32768");

    private final Lab lab;
    private final String slot;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicLong relayed = new AtomicLong();
    private final DebeziumEngine<RecordChangeEvent<SourceRecord>> engine;
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private volatile @Nullable Throwable failure;

    private DebeziumRelay(Lab lab, String database, Path offsets, Map<String, String> settings) {
        this.lab = lab;
        this.slot = "debezium_" + database;
        this.producer = PollingRelay.plainProducer(lab.kafka().bootstrapServers());
        this.engine = DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
                .using(properties(lab, database, slot, offsets, settings))
                .using((success, message, error) -> {
                    if (!success) {
                        failure = error == null ? new IllegalStateException(message) : error;
                    }
                })
                .notifying(this::relay)
                .build();
    }

    static DebeziumRelay start(Lab lab, OutboxRows rows, Map<String, String> settings) {
        lab.allowReplication(rows.database());
        Path offsets = lab.newDirectory("debezium").resolve(rows.database() + "-" + System.nanoTime());
        DebeziumRelay relay = new DebeziumRelay(lab, rows.database(), offsets, settings);
        relay.thread.execute(relay.engine);
        if (!Waiting.until(START, () -> relay.failure != null || relay.slots(" and active") == 1)) {
            throw new LauncherException("Debezium does not begin to read");
        }
        relay.relayed();
        return relay;
    }

    /** What its documentation asks for with an outbox. */
    private static Properties properties(
            Lab lab, String database, String slot, Path offsets, Map<String, String> settings) {
        Map<String, String> all = new TreeMap<>();
        all.put("name", slot);
        all.put("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
        all.put("offset.storage", "org.apache.kafka.connect.storage.FileOffsetBackingStore");
        all.put("offset.storage.file.filename", offsets.toString());
        all.put("offset.flush.interval.ms", "1000");
        all.put("topic.prefix", database);
        all.put("database.hostname", "127.0.0.1");
        all.put("database.port", Integer.toString(lab.postgresPort()));
        all.put("database.user", database);
        all.put("database.password", lab.password());
        all.put("database.dbname", database);
        all.put("plugin.name", "pgoutput");
        all.put("slot.name", slot);
        all.put("slot.drop.on.stop", "true");
        all.put("publication.name", slot);
        all.put("publication.autocreate.mode", "filtered");
        all.put("table.include.list", "public.outbox");
        all.put("snapshot.mode", "no_data");
        all.put("tombstones.on.delete", "false");
        all.put("transforms", "outbox");
        all.put("transforms.outbox.type", "io.debezium.transforms.outbox.EventRouter");
        all.put("transforms.outbox.table.field.event.id", "event_id");
        all.put("transforms.outbox.table.field.event.key", "message_key");
        all.put("transforms.outbox.table.field.event.payload", "data");
        all.put("transforms.outbox.route.by.field", "topic");
        all.put("transforms.outbox.route.topic.replacement", "${routedByValue}");
        all.put(
                "transforms.outbox.table.fields.additional.placement",
                "event_type:header:ce_type,source:header:ce_source,subject:header:ce_subject,event_time:header:ce_time,"
                        + "sequence:header:ce_sequence,traceparent:header:traceparent");
        all.putAll(settings);
        Properties properties = new Properties();
        properties.putAll(all);
        return properties;
    }

    private void relay(
            List<RecordChangeEvent<SourceRecord>> batch, RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
            throws InterruptedException {
        List<Future<?>> sent = new ArrayList<>(batch.size());
        for (RecordChangeEvent<SourceRecord> event : batch) {
            sent.add(producer.send(record(event.record())));
        }
        try {
            for (Future<?> result : sent) {
                result.get();
            }
        } catch (ExecutionException e) {
            failure = e;
            throw new LauncherException("the broker refuses what Debezium relays", e);
        }
        for (RecordChangeEvent<SourceRecord> event : batch) {
            committer.markProcessed(event);
        }
        committer.markBatchFinished();
        relayed.addAndGet(batch.size());
    }

    private static ProducerRecord<byte[], byte[]> record(SourceRecord source) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(source.topic(), null, bytes(source.key()), bytes(source.value()));
        source.headers().forEach(header -> record.headers()
                .add(header.key().equals("id") ? BenchTopics.ID : header.key(), bytes(header.value())));
        PollingRelay.Columns.CONSTANT.forEach((name, value) -> record.headers().add(name, value));
        return record;
    }

    private static byte[] bytes(Object value) {
        return value.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public long relayed() {
        Throwable failed = failure;
        if (failed != null) {
            throw new LauncherException("Debezium failed: " + failed, failed);
        }
        return relayed.get();
    }

    private long slots(String condition) {
        return (long) lab.ask("select count(*) from pg_replication_slots where slot_name = '" + slot + "'" + condition);
    }

    @Override
    public void close() {
        try {
            engine.close();
            thread.shutdown();
            thread.awaitTermination(START.toSeconds(), TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new LauncherException("Debezium can not be stopped: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close();
        // A slot that stays would keep the server's log and decode the other arms' rows.
        if (!Waiting.until(START, () -> slots(" and active") == 0)) {
            throw new LauncherException("Debezium keeps its slot");
        }
        lab.ask("select count(pg_drop_replication_slot(slot_name)::text) from pg_replication_slots where slot_name = '"
                + slot + "'");
    }
}
