package io.perennial.launcher;

/** A local part can not do what was asked; the message is one line for the person at the terminal. */
public class LauncherException extends RuntimeException {

    public LauncherException(String message) {
        super(message);
    }

    public LauncherException(String message, Throwable cause) {
        super(message, cause);
    }
}
