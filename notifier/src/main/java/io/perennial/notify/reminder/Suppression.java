package io.perennial.notify.reminder;

/** Why a reminder is not wanted any more. */
public enum Suppression {
    /** A higher generation was seen. */
    RENEWED,
    /** The connection was given up. */
    DISCONNECTED,
    /** The connection works although the reminder says it does not. */
    WORKS_AGAIN,
    /** Something later happened that has a mail of its own. */
    OVERTAKEN,
    /** The connection has nobody to write to. */
    NO_CONTACT,
    /** auth-service does not know the connection. */
    UNKNOWN_CONNECTION
}
