package io.perennial.contracts;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A mail was not sent, for the reason given. */
public record ReminderSuppressed(
        ConnectionRef about, UUID reminderId, ReminderKind kind, @Nullable Integer stage, String reason)
        implements ConnectionEvent {}
