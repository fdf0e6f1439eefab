package io.perennial.contracts;

/** Why merchants are asked to authorize again although no end is near. */
public enum RenewalReason {
    /** A role was added to the application: the provider asks for a new consent. */
    ROLE_ADDED,
    /** Nobody knows when the grant ends; a new consent gives it a date. */
    DATE_UNKNOWN,
    /** The grant is gone or was never given. */
    CONSENT_MISSING,
    /** The end is near. */
    ENDS_SOON,
    /** Anything else that the integrator has told the merchants himself. */
    OTHER
}
