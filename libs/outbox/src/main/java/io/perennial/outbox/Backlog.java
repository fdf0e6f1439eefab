package io.perennial.outbox;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** How much waits, as last measured. */
@Singleton
class Backlog {
    private final int cap;
    private volatile Measure last = new Measure(0, 0, false);

    @Inject
    Backlog(OutboxConfig config, MeterRegistry meters) {
        this(config.cap(), meters);
    }

    Backlog(int cap, MeterRegistry meters) {
        this.cap = cap;
        Gauge.builder("perennial.outbox.rows", this, b -> b.last.rows())
                .description("Rows that wait to be published, counted up to the cap")
                .register(meters);
        Gauge.builder("perennial.outbox.oldest.age.seconds", this, b -> b.last.oldestSeconds())
                .description("Age of the row that waits longest")
                .register(meters);
    }

    boolean full() {
        return last.rows() >= cap;
    }

    boolean renders() {
        return last.renders();
    }

    int cap() {
        return cap;
    }

    void measured(Measure measure) {
        last = measure;
    }

    /** Rows (not counted beyond the cap), the age of the oldest, and whether all relays render rows of values. */
    record Measure(long rows, double oldestSeconds, boolean renders) {}
}
