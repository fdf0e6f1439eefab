package io.perennial.contracts;

/** What a mail to a merchant is about. */
public enum ReminderKind {
    /** The authorization ends soon. */
    EXPIRING,
    /** The authorization has ended. */
    EXPIRED,
    /** The authorization ended some weeks ago. */
    OVERDUE,
    /** The provider refuses the authorization before its end. */
    REVOKED,
    /** Connected again, with the orders that were caught up. */
    RECONNECTED,
    /** The merchant consented, and it came to nothing. */
    CONSENT_FAILED,
    /** A person asked for the link to be mailed now. */
    LINK,
    /** A campaign asks to authorize again. */
    CAMPAIGN
}
