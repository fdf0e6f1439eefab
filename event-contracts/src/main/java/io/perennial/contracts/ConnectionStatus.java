package io.perennial.contracts;

/** The states of a connection; the transitions between them belong to auth-service alone. */
public enum ConnectionStatus {
    /** Created, never authorized. */
    PENDING,
    /** Works. */
    ACTIVE,
    /** Refused once; a second verdict decides. Not usable meanwhile, but nobody is alarmed. */
    SUSPECT,
    /** Past its end and still working. */
    OVERDUE,
    /** Past its end and refused. */
    EXPIRED,
    /** Refused for good before its end. */
    REVOKED,
    /** Given up by the integrator; final. */
    DISCONNECTED;

    /** Whether calls to the provider may be made in this state. */
    public boolean usable() {
        return this == ACTIVE || this == OVERDUE;
    }

    /** Whether only a new consent of the merchant helps. */
    public boolean needsConsent() {
        return this == PENDING || this == EXPIRED || this == REVOKED;
    }
}
