package io.perennial.launcher.cli;

import io.perennial.launcher.LauncherException;

/** The words after {@code ./perennial} make no command. */
final class WrongCall extends LauncherException {

    private static final long serialVersionUID = 1L;

    WrongCall(String message) {
        super(message + "; see ./perennial help");
    }
}
