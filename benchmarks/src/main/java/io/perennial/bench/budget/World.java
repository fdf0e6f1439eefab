package io.perennial.bench.budget;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.Random;

/**
 * Amazon on a virtual clock: a bucket that is refilled steadily up to its burst, answers that take 0.3 s more or less, a rate
 * header, and perhaps calls of the integrator's own from the same bucket. Shares no line with what it meters.
 */
final class World {
    private static final Duration LATENCY = Duration.ofMillis(300);

    /** How much longer or shorter an answer takes. */
    private static final double JITTER = 0.3;

    private static final Duration FOR_GOOD = Duration.ofDays(3650);

    private static final Instant BEGIN = Instant.parse("2026-03-01T12:00:00Z");

    private final Plan plan;
    private final Weather weather;
    private final Random random;

    private Instant now = BEGIN;
    private int answered;
    private int refused;
    private int theirsRefused;
    private Duration answering = Duration.ZERO;
    private long nanosPerToken;
    private long credit;
    private Instant refilledAt = BEGIN;
    private Instant theirNext;

    World(Plan plan, Weather weather, long seed) {
        this.plan = plan;
        this.weather = weather;
        this.random = new Random(seed);
        this.nanosPerToken = plan.interval().toNanos();
        this.credit = plan.burst() * nanosPerToken;
        this.theirNext = BEGIN.plus(theirs().multipliedBy(random.nextInt(1000)).dividedBy(1000));
    }

    /** @param rate what the header says; empty without one */
    record Answer(boolean granted, OptionalDouble rate) {}

    Plan plan() {
        return plan;
    }

    Instant now() {
        return now;
    }

    int answered() {
        return answered;
    }

    int refused() {
        return refused;
    }

    /** What all answers with a page took together. */
    Duration answering() {
        return answering;
    }

    /** Calls of the integrator's own that found the bucket empty. */
    int theirsRefused() {
        return theirsRefused;
    }

    Duration passed() {
        return Duration.between(BEGIN, now);
    }

    /** Whether a client believed something that made it wait for good. */
    boolean hung() {
        return !now.isBefore(BEGIN.plus(FOR_GOOD));
    }

    void sleep(double seconds) {
        sleepUntil(now.plusMillis(Math.round(Math.min(seconds, FOR_GOOD.toSeconds()) * 1000)));
    }

    void sleepUntil(Instant instant) {
        Instant end = BEGIN.plus(FOR_GOOD);
        Instant until = instant.isBefore(end) ? instant : end;
        now = until.isAfter(now) ? until : now;
    }

    /** Asks for the next page and waits for the answer. */
    Answer ask() {
        if (hung()) {
            answered++;
            return new Answer(true, OptionalDouble.empty());
        }
        double factor = 1 - JITTER + 2 * JITTER * random.nextDouble();
        Duration latency = Duration.ofNanos(Math.round(LATENCY.toNanos() * factor));
        Instant arrival = now.plus(latency.dividedBy(2));
        letThemCall(arrival);
        boolean granted = take(arrival);
        now = now.plus(latency);
        if (!granted) {
            refused++;
            return new Answer(false, weather.header(answered, plan));
        }
        answered++;
        answering = answering.plus(latency);
        changeRate(weather.interval(answered, plan));
        return new Answer(true, weather.header(answered, plan));
    }

    private void letThemCall(Instant until) {
        if (weather.theirShare() == 0) {
            return;
        }
        for (; !theirNext.isAfter(until); theirNext = theirNext.plus(theirs())) {
            if (!take(theirNext)) {
                theirsRefused++;
            }
        }
    }

    private Duration theirs() {
        return weather.theirShare() == 0
                ? plan.interval()
                : Duration.ofNanos(Math.round(plan.interval().toNanos() / weather.theirShare()));
    }

    private boolean take(Instant at) {
        refill(at);
        if (credit < nanosPerToken) {
            return false;
        }
        credit -= nanosPerToken;
        return true;
    }

    private void refill(Instant at) {
        if (at.isAfter(refilledAt)) {
            credit = Math.min(
                    plan.burst() * nanosPerToken,
                    credit + Duration.between(refilledAt, at).toNanos());
            refilledAt = at;
        }
    }

    /** From now on tokens come at another rate; those that are there stay. */
    private void changeRate(Duration interval) {
        refill(now);
        credit = (long) ((double) credit / nanosPerToken * interval.toNanos());
        nanosPerToken = interval.toNanos();
    }
}
