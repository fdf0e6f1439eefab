package io.perennial.launcher.process;

/** The signals that a local part may get, by the names that {@code kill} knows. */
public enum Signal {
    TERM,
    INT,
    KILL,
    STOP,
    CONT
}
