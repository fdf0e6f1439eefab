package io.perennial.notify.reminder;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How long a reminder waits before its next attempt. */
final class Pauses {
    // RFC 5321 4.5.4.1: give up no sooner than 4 to 5 days; a reminder is worthless before that, and 48 h bridge a
    // weekend's fault.
    private static final Duration MAIL_GIVES_UP = Duration.ofHours(48);
    private static final Duration LONGEST_WITHOUT_LINKS = Duration.ofMinutes(1);
    private static final int DOUBLINGS = 6;

    private static final List<Duration> MAIL = List.of(
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(15),
            Duration.ofMinutes(30),
            Duration.ofHours(1),
            Duration.ofHours(2),
            Duration.ofHours(4));

    private Pauses() {}

    /** After auth-service gave no links; without end, because without links nobody can be mailed anyway. */
    static Duration withoutLinks(int unansweredBefore) {
        Duration pause = Duration.ofSeconds(1L << Math.min(unansweredBefore, DOUBLINGS));
        return pause.compareTo(LONGEST_WITHOUT_LINKS) < 0 ? pause : LONGEST_WITHOUT_LINKS;
    }

    /** After a passing fault of the mail server; empty when it is time to give up. */
    static Optional<Duration> mailServer(int attemptsBefore, @Nullable Instant firstAttemptAt, Instant now) {
        if (firstAttemptAt != null && !now.isBefore(firstAttemptAt.plus(MAIL_GIVES_UP))) {
            return Optional.empty();
        }
        return Optional.of(MAIL.get(Math.min(attemptsBefore, MAIL.size() - 1)));
    }
}
