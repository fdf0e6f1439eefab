package io.perennial.contracts;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A mail was refused for good. */
public record ReminderFailed(
        ConnectionRef about, UUID reminderId, ReminderKind kind, @Nullable Integer stage, UUID contactId, String code)
        implements ConnectionEvent {}
