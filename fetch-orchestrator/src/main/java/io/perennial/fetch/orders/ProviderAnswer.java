package io.perennial.fetch.orders;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an answer of Amazon means. */
public sealed interface ProviderAnswer {
    /** An answer after which the same request may succeed later. */
    sealed interface Retryable extends ProviderAnswer {
        /** For the job, stable. */
        String code();

        /** Of HTTP; 0 if there was none, or if it does not tell about this request. */
        int status();
    }

    /** What was asked for. Only the strategy that asked can make something of it. */
    non-sealed interface Content extends ProviderAnswer {}

    /**
     * A page of orders.
     *
     * @param nextToken null on the last page
     * @param answeredTo up to which update time Amazon answered; null if it did not say
     */
    record Page(
            List<SellerOrder> orders,
            List<SetAsideOrder> setAside,
            @Nullable String nextToken,
            @Nullable Instant answeredTo)
            implements Content {}

    /**
     * Refused for the moment, where no quota is published.
     *
     * @param status of HTTP
     * @param retryAfter when to come again; null if the answer does not say
     */
    record Delayed(int status, @Nullable Duration retryAfter) implements ProviderAnswer {}

    /** 429: the quota is used up, whatever we counted. */
    record Throttled() implements ProviderAnswer {}

    /** The access token ran out; another one will do. */
    record AccessTokenExpired() implements ProviderAnswer {}

    /** The access token is revoked, malformed or invalid: only Amazon's token server knows what that means. */
    record AccessRefused() implements ProviderAnswer {}

    /** The page token is not accepted (any more); its query has to begin again. */
    record PageTokenRefused() implements ProviderAnswer {}

    /** The window ends less than two minutes before Amazon's time. */
    record WindowTooYoung() implements ProviderAnswer {}

    /** No page this time: outage, time-out, or an answer that is none. */
    record Unavailable(String code, int status) implements Retryable {
        public Unavailable(String code) {
            this(code, 0);
        }
    }

    /**
     * Nothing was asked: something was missing that auth-service did not give. It tells nothing about the provider.
     *
     * @param code why
     */
    record NotAsked(String code) implements ProviderAnswer {}

    /**
     * Refused for what was asked, not for the moment.
     *
     * @param status of HTTP
     */
    record Refused(String code, int status) implements ProviderAnswer {}
}
