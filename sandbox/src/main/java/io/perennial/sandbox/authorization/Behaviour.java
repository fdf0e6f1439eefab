package io.perennial.sandbox.authorization;

/** Answers to what Amazon does not document; a client has to live with each of them. */
public record Behaviour(OldRefreshToken oldRefreshToken, LateRenewal lateRenewal, SubscriptionsAfterEnd subscriptions) {

    static final Behaviour DEFAULT =
            new Behaviour(OldRefreshToken.STAYS_VALID, LateRenewal.REVIVES_OLD_TOKEN, SubscriptionsAfterEnd.SURVIVE);

    /** What becomes of the earlier refresh token when the code of a renewal is exchanged. */
    public enum OldRefreshToken {
        STAYS_VALID,
        INVALIDATED
    }

    /** What becomes of a refresh token whose authorization expired and is renewed later. */
    public enum LateRenewal {
        REVIVES_OLD_TOKEN,
        OLD_TOKEN_STAYS_DEAD
    }

    /** Whether an application still hears of an account when an authorization that had ended is given again. */
    public enum SubscriptionsAfterEnd {
        SURVIVE,
        VANISH
    }
}
