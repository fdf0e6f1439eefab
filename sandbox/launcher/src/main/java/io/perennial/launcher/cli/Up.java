package io.perennial.launcher.cli;

import io.perennial.launcher.stack.Part;
import io.perennial.launcher.stack.Progress;
import io.perennial.launcher.stack.Stack;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Starts the stack with a line per process, and in the foreground stays until Ctrl-C. */
final class Up {

    private final Stack stack;
    private final PrintStream out;

    Up(Stack stack, PrintStream out) {
        this.stack = stack;
        this.out = out;
    }

    void run(boolean detach) {
        try (Farewell prepared = Farewell.prepare(out)) {
            long began = System.nanoTime();
            start();
            out.printf(Locale.ROOT, "Perennial is ready (%s)%n", seconds(Duration.ofNanos(System.nanoTime() - began)));
            new Addresses(stack).printTo(out);
            if (!detach) {
                out.println("Ctrl-C stops everything.");
                watchUntilInterrupted();
                out.println("Stopping ...");
                stack.stopNow(lines());
            }
        }
    }

    private void start() {
        try (StackLock held = StackLock.take(stack.home(), "up")) {
            out.println("Starting "
                    + String.join(", ", stack.parts().stream().map(Part::name).toList()) + " (data and logs in "
                    + stack.home().directory() + ")");
            stack.start(lines());
            stack.takeClassData();
        }
    }

    private Progress lines() {
        return new Progress() {
            @Override
            public void ready(String part, Duration after) {
                out.printf(Locale.ROOT, "  %-20s ready after %s%n", part, seconds(after));
            }

            @Override
            public void stopped(String part) {
                out.println("  " + part + " stopped");
            }

            @Override
            public void note(String text) {
                out.println("  " + text);
            }
        };
    }

    private void watchUntilInterrupted() {
        Set<String> reported = new HashSet<>();
        List<Part> parts = stack.parts();
        try {
            while (true) {
                TimeUnit.SECONDS.sleep(1);
                parts.stream()
                        .filter(part -> !part.alive())
                        .filter(part -> reported.add(part.name()))
                        .forEach(part -> out.println("perennial: " + part.name() + " ended; its log is " + part.log()));
                if (reported.size() == parts.size()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            // Ctrl-C is how this wait ends; the stop that follows must not be interrupted again
            return;
        }
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
}
