package io.perennial.launcher.cli;

import io.perennial.launcher.LauncherException;
import java.util.function.IntSupplier;

/** Exit codes: what the command says, 1 and one clear line for what can not be done, 2 for a wrong call. */
public final class Answer {

    private Answer() {}

    public static int of(IntSupplier command) {
        try {
            return command.getAsInt();
        } catch (WrongCall e) {
            System.err.println("perennial: " + e.getMessage());
            return 2;
        } catch (LauncherException e) {
            System.err.println("perennial: " + e.getMessage());
            return 1;
        }
    }
}
