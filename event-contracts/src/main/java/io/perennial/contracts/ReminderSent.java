package io.perennial.contracts;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A mail was accepted by the mail server. */
public record ReminderSent(
        ConnectionRef about, UUID reminderId, ReminderKind kind, @Nullable Integer stage, UUID contactId)
        implements ConnectionEvent {}
