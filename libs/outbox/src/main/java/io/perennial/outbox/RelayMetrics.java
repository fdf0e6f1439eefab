package io.perennial.outbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** What the relay did. */
final class RelayMetrics {
    final Counter published;
    final Counter failed;
    final Counter fenced;
    final Counter dead;
    final AtomicInteger groups = new AtomicInteger();
    final AtomicInteger left = new AtomicInteger();

    RelayMetrics(MeterRegistry meters) {
        published = counter(meters, "perennial.outbox.published", "Records that Kafka committed");
        failed = counter(meters, "perennial.outbox.failed", "Attempts at a batch that failed and are repeated");
        fenced = counter(meters, "perennial.outbox.fenced", "Producers that the broker refused for a newer owner");
        dead = counter(meters, "perennial.outbox.dead", "Rows moved to outbox_dead because Kafka can never take them");
        Gauge.builder("perennial.outbox.groups", groups, AtomicInteger::get)
                .description("Slot groups that this process publishes")
                .register(meters);
        Gauge.builder("perennial.outbox.left", left, AtomicInteger::get)
                .description("Rows at the head of the queues that wait for a relay of a newer release")
                .register(meters);
    }

    private static Counter counter(MeterRegistry meters, String name, String description) {
        return Counter.builder(name).description(description).register(meters);
    }
}
