package io.perennial.auth.audit;

/** What an audit line tells. */
public enum AuditKind {
    CONNECTION_CREATED,
    /** The integrator brought the connection along with a grant that he held before. */
    CONNECTION_IMPORTED,
    CONNECTION_UPDATED,
    /** An operator read another end on the provider's page; the line names both. */
    END_CORRECTED,
    STATE_CHANGED,
    LINK_ISSUED,
    /** Who opened a link says that he renewed already; the reason has the end that he read. */
    RENEWAL_CLAIMED,
    /** A campaign asks the merchant to authorize again. */
    RENEWAL_REQUESTED,
    CAMPAIGN_CREATED,
    CAMPAIGN_STOPPED,
    CAMPAIGN_RESUMED,
    AUTHORIZATION_STARTED,
    AUTHORIZATION_DENIED,
    AUTHORIZATION_ABANDONED,
    AUTHORIZATION_FAILED,
    FOREIGN_BROWSER_REFUSED,
    /** An answer to a state of this connection that was late, incomplete or at the wrong address; the reason says which. */
    CALLBACK_REFUSED,
    /** The process ended, or the answer was lost, between asking for tokens and storing them. */
    EXCHANGE_UNKNOWN,
    EXCHANGE_REFUSED,
    CANDIDATE_STORED,
    CANDIDATE_DESTROYED,
    CONSENT_DECLINED,
    CONSENT_ACCEPTED,
    /** A token that an operator pasted was stored as a candidate. */
    SELF_AUTHORIZED,
    /** A later token of a connection came with an import and was stored as a candidate. */
    TOKEN_IMPORTED,
    /** What the provider calls the store behind an imported grant was seen for the first time. */
    STORE_SEEN,
    UNCLAIMED_STORED,
    UNCLAIMED_CLAIMED,
    UNCLAIMED_ENDED,
    /** Nothing shows whether it came from the right account: an operator decides. */
    CONSENT_HELD,
    WRONG_ACCOUNT_REJECTED,
    DUPLICATE_REJECTED,
    PROFILES_CHOSEN,
    /** Somebody asked for what belongs to a tenant that he may not see; the reason says what kind of thing it is. */
    FOREIGN_ID_REFUSED,
    APP_CREATED,
    /** The reason names the application and the fields that were set, never what they hold. */
    APP_UPDATED,
    APP_SECRET_ADDED,
    APP_SECRET_WITHDRAWN,
    APP_SUSPENDED,
    APP_RESUMED,
    /** Somebody let the provider be asked again; the reason names application, region and why it was not. */
    OUTAGE_ENDED,
    TENANT_UPDATED
}
