package io.perennial.notify.reminder;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Counts what became of reminders. */
@Singleton
class ReminderMetrics {
    private final MeterRegistry meters;
    private final Timer sending;
    private volatile Duration oldestWaiting = Duration.ZERO;

    ReminderMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.sending = Timer.builder("perennial.reminders.send")
                .description("Time that the mail server takes for one mail")
                .publishPercentileHistogram()
                .register(meters);
        Gauge.builder("perennial.reminders.oldest.waiting.seconds", this, m -> m.oldestWaiting.toMillis() / 1000.0)
                .description("How long the reminder that is due longest has been due, on the domain clock")
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
        meters.timer("perennial.reminders.delay", "kind", reminder.kind().name())
                .record(sinceDue.isNegative() ? Duration.ZERO : sinceDue);
    }

    void postponed(String reason) {
        meters.counter("perennial.reminders.postponed", "reason", reason).increment();
    }

    Timer sending() {
        return sending;
    }

    void oldestWaiting(Duration waiting) {
        oldestWaiting = waiting;
    }
}
