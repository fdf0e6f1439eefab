package io.perennial.bench.measure;

import java.util.Locale;

/** What a score has to reach; the worse end of its interval counts. */
public record Goal(Kind kind, double value) {
    /** Which way is better. */
    public enum Kind {
        AT_LEAST(">="),
        AT_MOST("<="),
        EXACTLY("="),
        WITHIN("no other than");

        private final String sign;

        Kind(String sign) {
            this.sign = sign;
        }
    }

    public static Goal atLeast(double value) {
        return new Goal(Kind.AT_LEAST, value);
    }

    public static Goal atMost(double value) {
        return new Goal(Kind.AT_MOST, value);
    }

    public static Goal exactly(double value) {
        return new Goal(Kind.EXACTLY, value);
    }

    /** The value lies within the interval: nothing else was shown. */
    public static Goal within(double value) {
        return new Goal(Kind.WITHIN, value);
    }

    public boolean reachedBy(Score score) {
        return switch (kind) {
            case AT_LEAST -> score.low() >= value;
            case AT_MOST -> score.high() <= value;
            case EXACTLY -> score.low() == value && score.high() == value;
            case WITHIN -> score.low() <= value && value <= score.high();
        };
    }

    @Override
    public String toString() {
        return kind.sign + " "
                + (value == Math.rint(value)
                        ? String.valueOf((long) value)
                        : String.format(Locale.ROOT, value * 100 == Math.rint(value * 100) ? "%.2f" : "%.3f", value));
    }
}
