package io.perennial.monitor.expiry;

import java.time.Duration;

/** One moment of the plan at which something is announced. */
public sealed interface Stage {
    /** Distance from the instant that the plan is counted from; negative before it. */
    Duration offset();

    /** The name that people and metrics know it by. */
    String label();

    /** {@code days} before the end; 0 is the end itself. */
    record Expiring(int days) implements Stage {
        @Override
        public Duration offset() {
            return Duration.ofDays(-days);
        }

        @Override
        public String label() {
            return Integer.toString(days);
        }
    }

    /** {@code week} weeks after the end, or after an early death. */
    record Overdue(int week) implements Stage {
        @Override
        public Duration offset() {
            return Duration.ofDays(7L * week);
        }

        @Override
        public String label() {
            return "OVERDUE_" + week;
        }
    }
}
