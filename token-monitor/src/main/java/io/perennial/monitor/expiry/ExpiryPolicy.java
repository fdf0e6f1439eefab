package io.perennial.monitor.expiry;

import io.perennial.monitor.expiry.Stage.Expiring;
import io.perennial.monitor.expiry.Stage.Overdue;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which stage is due when. Pure: everything follows from the instant that a plan is counted from (the anchor: the end
 * of the grant, or the instant of its early death), from what was told and from now.
 *
 * <ul>
 *   <li>What was told is kept as the day of its stage, not as its place in a list: a tenant may choose other stages at any
 *       time, and nothing that was told is told again or skipped by that.
 *   <li>What is announced is always the <em>last</em> stage reached. After weeks of downtime or a jump of the clock that
 *       is one catch-up announcement with the true days left, never a burst of old ones.
 *   <li>A day is 24 hours, so neither zones nor summer time can move a stage. Instants are cut to microseconds, the
 *       resolution in which they are stored; that is the only rounding of instants there is.
 *   <li>The end itself is a stage of every plan: auth-service probes a grant when it is announced.
 * </ul>
 *
 * The claim statement of {@link DueConnections} computes the same from {@link #days()}; a test holds the two equal.
 */
public final class ExpiryPolicy {
    /** Told before anything was: before the first stage of any plan. */
    public static final int NOTHING = -1_000;

    /** The stage at which the end is reached; those after it are about what is overdue. */
    public static final int THE_END = 0;

    /** A grant lasts 365 days by the provider's rule, so an earlier stage would be due with the consent. */
    private static final int EARLIEST = 364;

    /** A mailed link works for 60 days after the end (auth-service), so a later week would mail a dead one. */
    private static final int MOST_WEEKS = 8;

    private static final long DAY_MICROS = ChronoUnit.DAYS.getDuration().toMillis() * 1_000;
    private static final List<Integer> USUAL_DAYS = List.of(30, 23, 16, 9, 2, 0);
    private static final ExpiryPolicy STANDARD = of(USUAL_DAYS, MOST_WEEKS);

    private final List<Stage> stages;

    private ExpiryPolicy(List<Stage> stages) {
        this.stages = stages;
    }

    /** 30, 23, 16, 9 and 2 days before the end, the end, then weekly for eight weeks. */
    public static ExpiryPolicy standard() {
        return STANDARD;
    }

    /**
     * @param daysBefore falling, from 364 at most to 0, the end itself
     * @param weeksAfter how many weeks after the end are announced, 8 at most
     * @throws IllegalArgumentException if the stages are no such plan
     */
    public static ExpiryPolicy of(List<Integer> daysBefore, int weeksAfter) {
        if (daysBefore.stream().anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException("Stages must be numbers: " + daysBefore);
        }
        boolean falling =
                IntStream.range(1, daysBefore.size()).allMatch(i -> daysBefore.get(i) < daysBefore.get(i - 1));
        boolean toTheEnd = !daysBefore.isEmpty() && daysBefore.get(daysBefore.size() - 1) == THE_END;
        if (!falling || !toTheEnd || daysBefore.get(0) > EARLIEST) {
            throw new IllegalArgumentException("Stages must fall from " + EARLIEST + " at most to 0: " + daysBefore);
        }
        if (weeksAfter < 0 || weeksAfter > MOST_WEEKS) {
            throw new IllegalArgumentException("Weeks must be 0 to " + MOST_WEEKS + ": " + weeksAfter);
        }
        return new ExpiryPolicy(Stream.concat(
                        daysBefore.stream().map(Expiring::new),
                        IntStream.rangeClosed(1, weeksAfter).mapToObj(Overdue::new))
                .map(Stage.class::cast)
                .toList());
    }

    /**
     * As a tenant has chosen it; what it left open is as usual.
     *
     * @throws IllegalArgumentException as {@link #of}
     */
    public static ExpiryPolicy chosen(@Nullable List<Integer> daysBefore, @Nullable Integer weeksAfter) {
        return of(daysBefore == null ? USUAL_DAYS : daysBefore, weeksAfter == null ? MOST_WEEKS : weeksAfter);
    }

    /** The plan with stages on these days, as {@link #days()} told them. */
    public static ExpiryPolicy ofDays(List<Integer> days) {
        return new ExpiryPolicy(days.stream().map(Stage::ofDay).toList());
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
        return -fullDays(endsAt, now);
    }

    /** The last stage that is reached at {@code now}; empty before the first. */
    public Optional<Stage> reached(Instant anchor, Instant now) {
        int day = fullDays(anchor, now);
        return stages.stream().filter(stage -> stage.day() <= day).reduce((earlier, later) -> later);
    }

    /** The first stage after the day that was told; empty after the last one. */
    public Optional<Stage> after(int told) {
        return stages.stream().filter(stage -> stage.day() > told).findFirst();
    }

    /** When the next stage is due; empty after the last one. */
    public Optional<Instant> dueAt(Instant anchor, int told) {
        return after(told).map(stage -> precise(anchor).plus(Duration.ofDays(stage.day())));
    }

    /** The days of all stages, counted from the anchor, in the order of time. */
    public List<Integer> days() {
        return stages.stream().map(Stage::day).toList();
    }

    /** Every stage, in the order of time. */
    List<Stage> stages() {
        return stages;
    }

    /** Full days from the anchor to now; before it a begun day counts as none. */
    private static int fullDays(Instant anchor, Instant now) {
        return Math.toIntExact(Math.floorDiv(micros(Duration.between(precise(anchor), precise(now))), DAY_MICROS));
    }

    private static long micros(Duration duration) {
        return Math.addExact(Math.multiplyExact(duration.getSeconds(), 1_000_000L), duration.getNano() / 1_000);
    }
}
