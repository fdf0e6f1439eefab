package io.perennial.auth.authorization;

/** How far an attempt to authorize came. */
enum AuthorizationStatus {
    /** The merchant is at the provider. */
    STARTED,
    /** The code is being exchanged. */
    EXCHANGING,
    /** The candidate is stored; guard and probe decide. */
    CHECKING,
    /** Nobody said which account to expect: the merchant is asked. */
    AWAITING_CONFIRMATION,
    /** Nothing shows whether it is the right account: an operator is asked. */
    AWAITING_REVIEW,
    COMPLETED,
    WRONG_ACCOUNT,
    DUPLICATE,
    /** The merchant said no, here or at the provider. */
    DENIED,
    /** The provider refused the code or the candidate, or did not decide in time. */
    FAILED,
    /** What the exchange did is not known. */
    UNKNOWN,
    /** Another consent was faster, or the connection was given up. */
    SUPERSEDED,
    ABANDONED
}
