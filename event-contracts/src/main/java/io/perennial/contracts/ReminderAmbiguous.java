package io.perennial.contracts;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A mail may or may not have left before a crash; it is never sent again. */
public record ReminderAmbiguous(
        ConnectionRef about, UUID reminderId, ReminderKind kind, @Nullable Integer stage, UUID contactId)
        implements ConnectionEvent {}
