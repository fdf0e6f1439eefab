package io.perennial.notify.reminder;

import io.perennial.clock.DomainClock;
import io.perennial.notify.email.MailPauses;
import io.perennial.notify.email.PostResult;
import io.perennial.notify.reminder.ReminderStore.Return;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Writes down what became of mails, of as many as there are in one transaction. */
@Singleton
class Results {
    private static final Logger LOG = Logger.getLogger(Results.class);

    private final ReminderStore store;
    private final ReminderMetrics metrics;
    private final DomainClock clock;

    Results(ReminderStore store, ReminderMetrics metrics, DomainClock clock) {
        this.store = store;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** What the mail server made of a mail. */
    record Answer(Letter letter, PostResult result) {}

    /** Once more changes nothing: whatever was written has lost its claim by that. */
    Uni<Void> write(List<Answer> answers) {
        Instant now = clock.instant();
        Map<ClaimedReminder, Outcome> ends = new LinkedHashMap<>();
        List<Return> returns = new ArrayList<>();
        for (Answer answer : answers) {
            if (answer.result() instanceof PostResult.TryLater later) {
                tryLater(answer.letter(), later.code(), now, ends, returns);
            } else {
                ends.putAll(answer.letter().all(outcome(answer.letter().contactId(), answer.result())));
            }
        }
        return store.giveBack(returns).chain(() -> finish(ends)).invoke(() -> answers.forEach(this::tellPutOff));
    }

    private static Outcome outcome(UUID contactId, PostResult result) {
        if (result instanceof PostResult.Accepted) {
            return new Outcome.Sent(contactId);
        }
        if (result instanceof PostResult.Refused refused) {
            return new Outcome.Failed(contactId, refused.code(), refused.noSuchMailbox());
        }
        if (result instanceof PostResult.Unknown unknown) {
            return new Outcome.Ambiguous(contactId, unknown.code());
        }
        throw new IllegalArgumentException("No outcome for " + result);
    }

    /** All of a mail wait equally long, so that they leave together again. */
    private static void tryLater(
            Letter letter, String code, Instant now, Map<ClaimedReminder, Outcome> ends, List<Return> returns) {
        int attempts = letter.reminders().stream()
                .mapToInt(ClaimedReminder::attempts)
                .max()
                .orElse(0);
        for (ClaimedReminder reminder : letter.reminders()) {
            MailPauses.after(attempts, reminder.firstAttemptAt(), now)
                    .ifPresentOrElse(
                            pause -> returns.add(new Return(reminder, now.plus(pause), 0, code)),
                            () -> ends.put(reminder, new Outcome.Failed(letter.contactId(), code)));
        }
    }

    private void tellPutOff(Answer answer) {
        if (answer.result() instanceof PostResult.TryLater later) {
            metrics.postponed(later.code());
            answer.letter()
                    .reminders()
                    .forEach(reminder -> LOG.warnf(
                            "The mail server could not take a mail; reminderId=%s outcome=%s",
                            reminder.id(), later.code()));
        }
    }

    /** Ends reminders, with their events. */
    Uni<Void> finish(Map<ClaimedReminder, Outcome> outcomes) {
        return store.finish(outcomes)
                .invoke(written -> {
                    if (written < outcomes.size()) {
                        LOG.warnf("%d results came after their lease had ended", outcomes.size() - written);
                    }
                    outcomes.forEach(this::count);
                })
                .replaceWithVoid();
    }

    private void count(ClaimedReminder reminder, Outcome outcome) {
        metrics.finished(reminder, outcome);
        if (outcome.state() == ReminderState.SENT) {
            metrics.delayed(reminder, Duration.between(reminder.openSince(), clock.instant()));
        }
    }
}
