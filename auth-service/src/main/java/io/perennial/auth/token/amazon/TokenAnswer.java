package io.perennial.auth.token.amazon;

import io.perennial.contracts.OutageReason;
import org.jspecify.annotations.Nullable;

/** What the token endpoint said, by structure and never by its text. */
public sealed interface TokenAnswer {
    /** Tokens. */
    record Granted(IssuedTokens tokens) implements TokenAnswer {}

    /** {@code invalid_grant}: the consent is gone, or the code was used, is too old or another application's. */
    record ConsentGone() implements TokenAnswer {}

    /**
     * Our own or the provider's fault: nothing about the consent can be concluded.
     *
     * @param fault what kind
     */
    record PlatformFault(Fault fault) implements TokenAnswer {}

    /** Kinds of faults. */
    enum Fault {
        /** The client credentials are refused: wrong, rotated or expired. */
        CLIENT_REFUSED(OutageReason.CLIENT_REFUSED),
        /** Too many requests. */
        THROTTLED(OutageReason.THROTTLED),
        /** 5xx, or an answer that is no token answer. */
        PROVIDER_BROKEN(OutageReason.PROVIDER_BROKEN),
        /** No answer, or not the whole of it: what was asked for may have happened. */
        NO_ANSWER(OutageReason.PROVIDER_BROKEN),
        /** A request that the provider finds malformed. */
        REQUEST_REFUSED(null),
        /** The breaker is open: nothing was asked. */
        BREAKER_OPEN(null),
        /** An operator suspended the application: nothing was asked. */
        APP_SUSPENDED(null),
        /** The keys are out of reach: nothing was asked, because nothing could be kept. */
        VAULT_CLOSED(null);

        private final @Nullable OutageReason outage;

        Fault(@Nullable OutageReason outage) {
            this.outage = outage;
        }

        /** Whether what was asked for may have happened all the same: a gateway answers for somebody who went on. */
        public boolean leavesOpen() {
            return this == NO_ANSWER || this == PROVIDER_BROKEN;
        }

        /** What too many of it in a row mean; null if nothing. */
        public @Nullable OutageReason outage() {
            return outage;
        }
    }
}
