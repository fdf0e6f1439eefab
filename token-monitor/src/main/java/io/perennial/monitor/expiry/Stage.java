package io.perennial.monitor.expiry;

/**
 * One moment of a plan at which something is announced. Its day counts from the anchor of the plan, negative before it, so
 * that a stage means the same in every plan.
 */
public sealed interface Stage {
    /** The stage of a day: up to the end by the days that are left, after it by the weeks that have passed. */
    static Stage ofDay(int day) {
        return day <= 0 ? new Expiring(-day) : new Overdue(day / Overdue.DAYS);
    }

    /** Distance from the anchor in days of 24 hours. */
    int day();

    /** The name that people and metrics know it by. */
    String label();

    /** {@code days} before the end; 0 is the end itself. */
    record Expiring(int days) implements Stage {
        @Override
        public int day() {
            return -days;
        }

        @Override
        public String label() {
            return Integer.toString(days);
        }
    }

    /** {@code week} weeks after the end, or after an early death. */
    record Overdue(int week) implements Stage {
        private static final int DAYS = 7;

        @Override
        public int day() {
            return DAYS * week;
        }

        @Override
        public String label() {
            return "OVERDUE_" + week;
        }
    }
}
