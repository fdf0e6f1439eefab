package io.perennial.notify.email;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How long a mail waits before its next attempt. */
public final class MailPauses {
    // RFC 5321 4.5.4.1: give up no sooner than 4 to 5 days; a reminder is worthless before that, and 48 h bridge a
    // weekend's fault.
    private static final Duration GIVES_UP = Duration.ofHours(48);

    private static final List<Duration> PAUSES = List.of(
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(15),
            Duration.ofMinutes(30),
            Duration.ofHours(1),
            Duration.ofHours(2),
            Duration.ofHours(4));

    private MailPauses() {}

    /** After a passing fault of the mail server; empty when it is time to give up. */
    public static Optional<Duration> after(int attemptsBefore, @Nullable Instant firstAttemptAt, Instant now) {
        if (firstAttemptAt != null && !now.isBefore(firstAttemptAt.plus(GIVES_UP))) {
            return Optional.empty();
        }
        return Optional.of(PAUSES.get(Math.min(attemptsBefore, PAUSES.size() - 1)));
    }
}
