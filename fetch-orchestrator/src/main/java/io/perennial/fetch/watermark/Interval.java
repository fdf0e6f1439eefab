package io.perennial.fetch.watermark;

import java.time.Duration;
import java.time.Instant;

/** A span of time that includes its start and not its end. Never empty. */
public record Interval(Instant from, Instant to) {
    public Interval {
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("An interval ends after it starts: " + from + " to " + to);
        }
    }

    /** Whether no instant lies between the two, so that they can be one. */
    boolean touches(Interval other) {
        return !from.isAfter(other.to) && !other.from.isAfter(to);
    }

    /** Whether the other lies within this one. */
    public boolean encloses(Interval other) {
        return !from.isAfter(other.from) && !to.isBefore(other.to);
    }

    public Duration length() {
        return Duration.between(from, to);
    }

    Interval span(Interval other) {
        return new Interval(from.isBefore(other.from) ? from : other.from, to.isAfter(other.to) ? to : other.to);
    }
}
