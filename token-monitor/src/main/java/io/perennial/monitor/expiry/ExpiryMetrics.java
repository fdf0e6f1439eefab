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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the loop did, for dashboards and for the health checks. */
@Singleton
class ExpiryMetrics {
    /**
     * Bounds of the lag's histogram. 60 s is the promise (a stage is announced within a minute); what lies beyond tells a
     * slow drain from a standstill.
     */
    private static final List<Duration> LATENESS = List.of(
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofMinutes(5),
            Duration.ofMinutes(15),
            Duration.ofHours(1),
            Duration.ofHours(6),
            Duration.ofDays(1),
            Duration.ofDays(7));

    private final MeterRegistry meters;
    private final MachineClock clock;
    private final Timer lag;
    private final Map<Stage, Counter> announced = new ConcurrentHashMap<>();
    private final Map<CycleOutcome, Counter> cycles = new EnumMap<>(CycleOutcome.class);
    private volatile long lastLagMicros;
    private volatile Instant lastCycle;
    private volatile Instant lastLook;
    private volatile @Nullable CycleOutcome lastOutcome;

    @Inject
    ExpiryMetrics(MeterRegistry meters, MachineClock clock) {
        this.meters = meters;
        this.clock = clock;
        this.lastCycle = clock.instant();
        this.lastLook = lastCycle;
        ExpiryPolicy.standard().stages().forEach(this::announced);
        for (CycleOutcome outcome : CycleOutcome.values()) {
            cycles.put(
                    outcome,
                    Counter.builder("perennial.expiry.cycles")
                            .description("Cycles of the loop, by outcome")
                            .tag("outcome", outcome.name())
                            .register(meters));
        }
        lag = Timer.builder("perennial.expiry.lag")
                .description("Domain time from due to announced")
                .serviceLevelObjectives(LATENESS.toArray(Duration[]::new))
                .register(meters);
        TimeGauge.builder("perennial.expiry.lag.last", this, TimeUnit.MICROSECONDS, m -> m.lastLagMicros)
                .description("Domain time from due to announced, for the latest of the last batch")
                .register(meters);
        TimeGauge.builder("perennial.expiry.last.cycle", this, TimeUnit.MILLISECONDS, m -> m.lastCycle.toEpochMilli())
                .description("When the loop last completed a cycle, as time since the epoch")
                .register(meters);
        TimeGauge.builder("perennial.expiry.last.look", this, TimeUnit.MILLISECONDS, m -> m.lastLook.toEpochMilli())
                .description("When the loop last saw the due set, as time since the epoch")
                .register(meters);
    }

    /** Upper ends of the classes of lateness that a claim tells apart, so that each falls into one bucket. */
    static Double[] latenessSeconds() {
        return LATENESS.stream().map(bound -> (double) bound.toSeconds()).toArray(Double[]::new);
    }

    void announced(Announcements announcements, Instant now) {
        for (Announcements.Some some : announcements.some()) {
            Stage stage = some.stage();
            if (stage != null) {
                announced(stage).increment(some.count());
                Duration late = Duration.between(some.oldestDue(), now);
                for (long i = 0; i < some.count(); i++) {
                    lag.record(late);
                }
            }
        }
        lastLagMicros = TimeUnit.MICROSECONDS.convert(announcements.lag(now));
    }

    private Counter announced(Stage stage) {
        return announced.computeIfAbsent(stage, one -> Counter.builder("perennial.expiry.announced")
                .description("Connections announced, by stage")
                .tag("stage", one.label())
                .register(meters));
    }

    void ended(CycleOutcome outcome) {
        Objects.requireNonNull(cycles.get(outcome)).increment();
        lastOutcome = outcome;
        lastCycle = clock.instant();
        if (outcome.looked()) {
            lastLook = lastCycle;
        }
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
