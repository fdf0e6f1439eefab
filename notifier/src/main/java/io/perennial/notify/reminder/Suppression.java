package io.perennial.notify.reminder;

/** Why a reminder is not wanted any more. */
public enum Suppression {
    /** A higher generation was seen. */
    RENEWED,
    /** The connection was given up. */
    DISCONNECTED,
    /** The connection works although the reminder says it does not. */
    WORKS_AGAIN,
    /** Its owner said after it was due that he had renewed; the next stage is told again. */
    SAID_RENEWED,
    /** Something later happened that has a mail of its own; so with an end that moved on. */
    OVERTAKEN,
    /** The connection has nobody to write to. */
    NO_CONTACT,
    /** None of its contacts may be written to: nobody hears us. */
    NOBODY_HEARS,
    /** The contact that this mail was for is none any more. */
    CONTACT_CHANGED,
    /** auth-service does not know the connection. */
    UNKNOWN_CONNECTION
}
