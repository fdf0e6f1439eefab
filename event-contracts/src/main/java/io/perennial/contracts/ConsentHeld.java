package io.perennial.contracts;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A consent was given, but nothing shows whether it came from the right account: an operator decides. The former grant is
 * untouched.
 *
 * @param reviewId what the decision is given for
 */
public record ConsentHeld(
        ConnectionRef about,
        UUID reviewId,
        @Nullable String expectedAccountId,
        String offeredAccountId,
        @Nullable String offeredAccountName)
        implements ConnectionEvent {}
