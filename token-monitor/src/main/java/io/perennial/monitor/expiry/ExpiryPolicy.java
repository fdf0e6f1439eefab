package io.perennial.monitor.expiry;

import io.perennial.monitor.expiry.Stage.Expiring;
import io.perennial.monitor.expiry.Stage.Overdue;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which stage is due when. Pure: everything follows from the instant that a plan is counted from (the anchor: the end
 * of the grant, or the instant of its early death) and from now.
 *
 * <ul>
 *   <li>Stages are numbered from 1 in the order of time; number 0 means that nothing was announced yet.
 *   <li>What is announced is always the <em>last</em> stage reached. After weeks of downtime or a jump of the clock that
 *       is one catch-up announcement with the true days left, never a burst of old ones.
 *   <li>A day is 24 hours, so neither zones nor summer time can move a stage. Instants are cut to microseconds, the
 *       resolution in which they are stored; that is the only rounding of instants there is.
 * </ul>
 *
 * The claim statement of {@link DueConnections} computes the same from {@link #offsets()}; a test holds the two equal.
 */
public final class ExpiryPolicy {
    private static final long DAY_MICROS = ChronoUnit.DAYS.getDuration().toMillis() * 1_000;
    private static final int OVERDUE_WEEKS = 8;
    private static final ExpiryPolicy STANDARD = new ExpiryPolicy(Stream.concat(
                    Stream.of(30, 23, 16, 9, 2, 0).map(Expiring::new),
                    IntStream.rangeClosed(1, OVERDUE_WEEKS).mapToObj(Overdue::new))
            .map(Stage.class::cast)
            .toList());

    private final List<Stage> stages;
    private final List<Long> offsets;

    ExpiryPolicy(List<Stage> stages) {
        this.stages = List.copyOf(stages);
        this.offsets = stages.stream().map(stage -> micros(stage.offset())).toList();
        for (int i = 1; i < offsets.size(); i++) {
            if (offsets.get(i - 1) >= offsets.get(i)) {
                throw new IllegalArgumentException("Stages must be in the order of time: " + stages);
            }
        }
    }

    /** 30, 23, 16, 9 and 2 days before the end, the end, then weekly for eight weeks. */
    public static ExpiryPolicy standard() {
        return STANDARD;
    }

    /** An instant in the resolution in which all instants of a plan are kept. */
    public static Instant precise(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS);
    }

    /**
     * Days until the end, a begun day counting as one, so that an announcement a moment after its stage still says 30. 0
     * from the end on, -1 once a full day has passed since.
     */
    public static int daysLeft(Instant endsAt, Instant now) {
        long left = micros(Duration.between(precise(now), precise(endsAt)));
        return Math.toIntExact(-Math.floorDiv(-left, DAY_MICROS));
    }

    /** Number of the last stage that is reached at {@code now}; 0 before the first. */
    public int reached(Instant anchor, Instant now) {
        long since = micros(Duration.between(precise(anchor), precise(now)));
        return (int) offsets.stream().takeWhile(offset -> offset <= since).count();
    }

    /** When the stage with this number is due; empty after the last one. */
    public Optional<Instant> dueAt(Instant anchor, int number) {
        return number > stages.size()
                ? Optional.empty()
                : Optional.of(precise(anchor).plus(offsets.get(number - 1), ChronoUnit.MICROS));
    }

    /** The stage with this number; empty after the last one. */
    public Optional<Stage> stage(int number) {
        return number > stages.size() ? Optional.empty() : Optional.of(stages.get(number - 1));
    }

    /** Number of the stage at which the end is reached; those after it are about what is overdue. */
    public int end() {
        return (int) stages.stream().filter(Expiring.class::isInstance).count();
    }

    /** Every stage, in the order of time. */
    List<Stage> stages() {
        return stages;
    }

    /** Distances from the anchor in microseconds, in the order of time. */
    List<Long> offsets() {
        return offsets;
    }

    private static long micros(Duration duration) {
        return Math.addExact(Math.multiplyExact(duration.getSeconds(), 1_000_000L), duration.getNano() / 1_000);
    }
}
