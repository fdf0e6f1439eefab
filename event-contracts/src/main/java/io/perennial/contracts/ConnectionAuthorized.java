package io.perennial.contracts;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection has its first grant: a consent was accepted, or the grant was imported.
 *
 * @param authorizedAt when the merchant consented; of an imported grant whose date nobody knows, when it was imported
 * @param endsAt absent where the grant has no end that is known: a private application that authorized itself
 * @param origin how the grant came to us; absent from writers before 0.2: a consent
 * @param coveredUntil up to where the integrator says that orders are known already: what is fetched begins here
 */
public record ConnectionAuthorized(
        ConnectionRef about,
        String accountId,
        @Nullable String accountName,
        List<String> marketplaces,
        Instant authorizedAt,
        @Nullable Instant endsAt,
        @Nullable EndsAtSource endsAtSource,
        @Nullable GrantOrigin origin,
        @Nullable Instant coveredUntil)
        implements ConnectionEvent {

    /** After a consent. */
    public ConnectionAuthorized(
            ConnectionRef about,
            String accountId,
            @Nullable String accountName,
            List<String> marketplaces,
            Instant authorizedAt,
            @Nullable Instant endsAt,
            @Nullable EndsAtSource endsAtSource) {
        this(
                about,
                accountId,
                accountName,
                marketplaces,
                authorizedAt,
                endsAt,
                endsAtSource,
                GrantOrigin.CONSENT,
                null);
    }
}
