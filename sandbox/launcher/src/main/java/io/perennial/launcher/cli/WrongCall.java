package io.perennial.launcher.cli;

import io.perennial.launcher.LauncherException;

/** The words after {@code ./perennial} make no command. */
public final class WrongCall extends LauncherException {

    private static final long serialVersionUID = 1L;

    public WrongCall(String message) {
        super(message + "; see ./perennial help");
    }
}
