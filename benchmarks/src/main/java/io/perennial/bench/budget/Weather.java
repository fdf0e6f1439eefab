package io.perennial.bench.budget;

import java.time.Duration;
import java.util.OptionalDouble;

/** What happens around a backfill. */
enum Weather {
    /** The plan stays as it is and every answer says so. */
    STEADY("steady"),
    /** No answer has a rate header. */
    SILENT("header absent"),
    /** Rounded rates, none, zero, negative, endless and tiny ones. */
    NONSENSE("header nonsense"),
    /** From page 40 on half the rate, as it is printed, from page 80 on the published one again; each answer says so. */
    CHANGING("rate changing"),
    /** The integrator's own calls take three tenths of the rate. */
    SHARED("30 % used by others");

    static final double THEIRS = 0.3;
    private static final int SLOWER_FROM = 40;
    private static final int USUAL_FROM = 80;
    private static final double[] STRANGE = {Double.NaN, 0, -3, Double.POSITIVE_INFINITY, 1e-12};

    private final String text;

    Weather(String text) {
        this.text = text;
    }

    double theirShare() {
        return this == SHARED ? THEIRS : 0;
    }

    Duration interval(int answered, Plan plan) {
        return slower(answered) ? Duration.ofNanos(Math.round(2e9 / plan.printed())) : plan.interval();
    }

    OptionalDouble header(int answered, Plan plan) {
        if (this == SILENT) {
            return OptionalDouble.empty();
        }
        if (this == NONSENSE && answered % 2 == 1) {
            return OptionalDouble.of(STRANGE[answered / 2 % STRANGE.length]);
        }
        return OptionalDouble.of(slower(answered) ? plan.printed() / 2 : plan.printed());
    }

    private boolean slower(int answered) {
        return this == CHANGING && answered >= SLOWER_FROM && answered < USUAL_FROM;
    }

    @Override
    public String toString() {
        return text;
    }
}
