package io.perennial.fetch.access;

import io.perennial.secret.AccessToken;
import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What auth-service answers to the wish for an access token. */
public sealed interface AccessAnswer {
    /**
     * A token, and whose quota the calls with it count on.
     *
     * @param clientId of the application, where the provider wants it beside the token
     */
    record Granted(
            AccessToken token,
            Instant expiresAt,
            String appId,
            String accountId,
            String region,
            URI apiEndpoint,
            @Nullable String clientId)
            implements AccessAnswer {}

    /**
     * No token in the connection's present state. An event follows when the state changes.
     *
     * @param code the problem's code, {@code CONNECTION_SUSPECT} for example
     */
    record Denied(String code) implements AccessAnswer {}

    /** No usable answer. */
    record Unavailable(String code) implements AccessAnswer {}
}
