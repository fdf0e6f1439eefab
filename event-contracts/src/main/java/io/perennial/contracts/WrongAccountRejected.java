package io.perennial.contracts;

import org.jspecify.annotations.Nullable;

/** A consent came from another account than the connection's; the former grant is untouched. */
public record WrongAccountRejected(
        ConnectionRef about, @Nullable String expectedAccountId, String offeredAccountId, String evidence)
        implements ConnectionEvent {}
