package io.perennial.contracts;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A fetch asked its provider for the first time.
 *
 * @param strategy how it reads its window: {@code SEARCH} (page by page) or {@code REPORT}; more may come
 * @param strategyReason why it was planned so, as a stable code
 */
public record FetchStarted(
        ConnectionRef about,
        UUID fetchId,
        FetchReason reason,
        Instant from,
        Instant to,
        @Nullable String strategy,
        @Nullable String strategyReason)
        implements ConnectionEvent {}
