package io.perennial.notify.reminder;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Counts what became of reminders. */
@Singleton
class ReminderMetrics {
    /** 15 minutes are the goal; the others tell how far it is missed. */
    private static final Duration[] DELAYS = {
        Duration.ofMinutes(1),
        Duration.ofMinutes(5),
        Duration.ofMinutes(15),
        Duration.ofHours(1),
        Duration.ofHours(6),
        Duration.ofDays(1),
        Duration.ofDays(2)
    };

    private final MeterRegistry meters;
    private final Timer sending;

    ReminderMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.sending = Timer.builder("perennial.reminders.send")
                .description("Time that the mail server takes for one mail")
                .publishPercentileHistogram()
                .register(meters);
    }

    void finished(ClaimedReminder reminder, Outcome outcome) {
        meters.counter(
                        "perennial.reminders.finished",
                        "kind",
                        reminder.kind().name(),
                        "outcome",
                        outcome.state().name())
                .increment();
    }

    void delayed(ClaimedReminder reminder, Duration sinceDue) {
        Timer.builder("perennial.reminders.delay")
                .description("How long after it might have left a mail left, on the domain clock")
                .tag("kind", reminder.kind().name())
                .serviceLevelObjectives(DELAYS)
                .register(meters)
                .record(sinceDue.isNegative() ? Duration.ZERO : sinceDue);
    }

    void postponed(String reason) {
        meters.counter("perennial.reminders.postponed", "reason", reason).increment();
    }

    Timer sending() {
        return sending;
    }
}
