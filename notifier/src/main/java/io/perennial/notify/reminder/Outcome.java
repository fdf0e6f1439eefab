package io.perennial.notify.reminder;

import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.Event;
import io.perennial.contracts.ReminderAmbiguous;
import io.perennial.contracts.ReminderFailed;
import io.perennial.contracts.ReminderSent;
import io.perennial.contracts.ReminderSuppressed;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The end of a reminder: the state it ends in, and the event that tells of it. */
sealed interface Outcome {
    ReminderState state();

    /** Stored and shown beside the state. */
    default @Nullable String code() {
        return null;
    }

    default @Nullable UUID contactId() {
        return null;
    }

    /** What the mail server said of a mailbox that does not exist. */
    default Optional<String> bounce() {
        return Optional.empty();
    }

    /** Whether no contact is left to write to. */
    default boolean nobodyHears() {
        return false;
    }

    Event event(ConnectionRef about, ClaimedReminder reminder);

    record Sent(UUID contactId) implements Outcome {
        @Override
        public ReminderState state() {
            return ReminderState.SENT;
        }

        @Override
        public Event event(ConnectionRef about, ClaimedReminder reminder) {
            return new ReminderSent(about, reminder.id(), reminder.kind(), reminder.publicStage(), contactId);
        }
    }

    /**
     * It never left.
     *
     * @param noSuchMailbox whether the mail server says so of the address
     */
    record Failed(UUID contactId, String code, boolean noSuchMailbox) implements Outcome {
        Failed(UUID contactId, String code) {
            this(contactId, code, false);
        }

        @Override
        public Optional<String> bounce() {
            return noSuchMailbox ? Optional.of(code) : Optional.empty();
        }

        @Override
        public ReminderState state() {
            return ReminderState.FAILED;
        }

        @Override
        public Event event(ConnectionRef about, ClaimedReminder reminder) {
            return new ReminderFailed(about, reminder.id(), reminder.kind(), reminder.publicStage(), contactId, code);
        }
    }

    record Suppressed(Suppression reason) implements Outcome {
        @Override
        public ReminderState state() {
            return ReminderState.SUPPRESSED;
        }

        @Override
        public String code() {
            return reason.name();
        }

        @Override
        public boolean nobodyHears() {
            return reason == Suppression.NOBODY_HEARS || reason == Suppression.NO_CONTACT;
        }

        @Override
        public Event event(ConnectionRef about, ClaimedReminder reminder) {
            return new ReminderSuppressed(about, reminder.id(), reminder.kind(), reminder.publicStage(), reason.name());
        }
    }

    record Ambiguous(UUID contactId, String code) implements Outcome {
        @Override
        public ReminderState state() {
            return ReminderState.AMBIGUOUS;
        }

        @Override
        public Event event(ConnectionRef about, ClaimedReminder reminder) {
            return new ReminderAmbiguous(about, reminder.id(), reminder.kind(), reminder.publicStage(), contactId);
        }
    }
}
