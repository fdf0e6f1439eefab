package io.perennial.monitor.expiry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.perennial.clock.MachineClock;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What the loop did, for dashboards and for the health checks. */
@Singleton
class ExpiryMetrics {
    private final MachineClock clock;
    private final Timer lag;
    private final List<Counter> announced;
    private final Map<CycleOutcome, Counter> cycles = new EnumMap<>(CycleOutcome.class);
    private volatile long lastLagMicros;
    private volatile Instant lastCycle;
    private volatile @Nullable CycleOutcome lastOutcome;

    @Inject
    ExpiryMetrics(MeterRegistry meters, MachineClock clock) {
        this.clock = clock;
        this.lastCycle = clock.instant();
        ExpiryPolicy policy = ExpiryPolicy.standard();
        announced = IntStream.rangeClosed(1, policy.stages().size())
                .mapToObj(number -> Counter.builder("perennial.expiry.announced")
                        .description("Connections announced, by stage")
                        .tag("stage", policy.stage(number).orElseThrow().label())
                        .register(meters))
                .toList();
        for (CycleOutcome outcome : CycleOutcome.values()) {
            cycles.put(
                    outcome,
                    Counter.builder("perennial.expiry.cycles")
                            .description("Cycles of the loop, by outcome")
                            .tag("outcome", outcome.name())
                            .register(meters));
        }
        lag = Timer.builder("perennial.expiry.lag")
                .description("Domain time from due to announced, for the latest of each batch")
                .publishPercentileHistogram(false)
                .register(meters);
        TimeGauge.builder("perennial.expiry.lag.last", this, TimeUnit.MICROSECONDS, m -> m.lastLagMicros)
                .description("Domain time from due to announced, for the latest of the last batch")
                .register(meters);
        TimeGauge.builder("perennial.expiry.last.cycle", this, TimeUnit.MILLISECONDS, m -> m.lastCycle.toEpochMilli())
                .description("When the loop last completed a cycle, as time since the epoch")
                .register(meters);
    }

    void announced(Announcements announcements, Instant now) {
        announcements
                .byStage()
                .forEach((number, count) -> announced.get(number - 1).increment(count));
        Duration late = announcements.lag(now);
        lastLagMicros = TimeUnit.MICROSECONDS.convert(late);
        lag.record(late);
    }

    void ended(CycleOutcome outcome) {
        Objects.requireNonNull(cycles.get(outcome)).increment();
        lastOutcome = outcome;
        lastCycle = clock.instant();
    }

    Duration sinceLastCycle() {
        return Duration.between(lastCycle, clock.instant());
    }

    /** How the last cycle ended; null before the first. */
    @Nullable
    CycleOutcome lastOutcome() {
        return lastOutcome;
    }
}
