package io.perennial.inbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** What happened to events, by consumer. The consumers' lag is among the Kafka client's own metrics. */
@Singleton
class InboxMetrics {
    private final MeterRegistry meters;
    private final Map<String, Meters> consumers = new ConcurrentHashMap<>();

    @Inject
    InboxMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    /** From now on the consumer's meters are there, with nothing counted yet. */
    void register(String consumer) {
        of(consumer);
    }

    /** A batch is in hand until the answer is run. */
    Runnable begun(String consumer) {
        Meters of = of(consumer);
        Object batch = new Object();
        of.inHand.put(batch, System.nanoTime());
        return () -> of.inHand.remove(batch);
    }

    void handled(String consumer, int fresh, int duplicates) {
        Meters of = of(consumer);
        of.handled.increment(fresh);
        of.duplicates.increment(duplicates);
        of.lastHandledMillis = System.currentTimeMillis();
    }

    void deadLettered(String consumer, int records) {
        of(consumer).deadLetters.increment(records);
    }

    void retried(String consumer) {
        of(consumer).retries.increment();
    }

    private Meters of(String consumer) {
        return consumers.computeIfAbsent(consumer, name -> new Meters(meters, name));
    }

    private static final class Meters {
        private final Counter handled;
        private final Counter duplicates;
        private final Counter deadLetters;
        private final Counter retries;
        private final Map<Object, Long> inHand = new ConcurrentHashMap<>();
        private volatile long lastHandledMillis;

        private Meters(MeterRegistry meters, String consumer) {
            handled = counter(meters, consumer, "perennial.inbox.handled", "Events whose effect was committed");
            duplicates = counter(meters, consumer, "perennial.inbox.duplicates", "Events that were handled before");
            deadLetters =
                    counter(meters, consumer, "perennial.inbox.dead.letters", "Records that can never be handled");
            retries = counter(meters, consumer, "perennial.inbox.retries", "Failed attempts at a batch");
            TimeGauge.builder("perennial.inbox.last.handled", this, TimeUnit.MILLISECONDS, m -> m.lastHandledMillis)
                    .description("When a batch was committed last, as time since the epoch")
                    .tag("consumer", consumer)
                    .register(meters);
            TimeGauge.builder("perennial.inbox.in.hand", this, TimeUnit.NANOSECONDS, Meters::longestInHand)
                    .description("How long the batch that takes longest has been in hand")
                    .tag("consumer", consumer)
                    .register(meters);
        }

        private double longestInHand() {
            long now = System.nanoTime();
            return inHand.values().stream()
                    .mapToLong(since -> now - since)
                    .max()
                    .orElse(0);
        }

        private static Counter counter(MeterRegistry meters, String consumer, String name, String description) {
            return Counter.builder(name)
                    .description(description)
                    .tag("consumer", consumer)
                    .register(meters);
        }
    }
}
