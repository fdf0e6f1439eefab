package io.perennial.bench.relay;

import io.perennial.launcher.LauncherException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** Notes when a consumer's poll returned with each event; reads all the time, as a service does. */
final class Arrivals implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private record Expected(long first, AtomicLongArray at, CountDownLatch missing) {}

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread = new Thread(this::run, "arrivals");
    private final CountDownLatch reading = new CountDownLatch(1);
    private volatile Expected expected = new Expected(0, new AtomicLongArray(0), new CountDownLatch(0));
    private volatile boolean stopping;

    private Arrivals(KafkaConsumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    static Arrivals of(BenchTopics topics, String topic) {
        Arrivals arrivals = new Arrivals(topics.consumer(topic));
        arrivals.thread.start();
        try {
            arrivals.reading.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException("interrupted", e);
        }
        return arrivals;
    }

    /** From now on these numbers count. */
    void expect(long first, int count) {
        expected = new Expected(first, new AtomicLongArray(count), new CountDownLatch(count));
    }

    /** Waits for all of them; the instants of {@link System#nanoTime}. */
    long[] await() {
        Expected now = expected;
        try {
            if (!now.missing().await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new LauncherException(now.missing().getCount() + " events did not arrive");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException("interrupted while waiting for events", e);
        }
        long[] at = new long[now.at().length()];
        for (int i = 0; i < at.length; i++) {
            at[i] = now.at().get(i);
        }
        return at;
    }

    private void run() {
        try (consumer) {
            consumer.poll(Duration.ofMillis(500));
            reading.countDown();
            while (!stopping) {
                var records = consumer.poll(Duration.ofMillis(200));
                long at = System.nanoTime();
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    note(Long.parseLong(BenchTopics.header(record, BenchTopics.NUMBER)), at);
                }
            }
        }
    }

    private void note(long number, long at) {
        Expected now = expected;
        long place = number - now.first();
        if (place >= 0 && place < now.at().length() && now.at().compareAndSet((int) place, 0, at)) {
            now.missing().countDown();
        }
    }

    @Override
    public void close() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
