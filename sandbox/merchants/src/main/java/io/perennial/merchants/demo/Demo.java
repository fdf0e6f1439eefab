package io.perennial.merchants.demo;

import io.perennial.launcher.cli.Answer;
import io.perennial.launcher.cli.Farewell;
import io.perennial.launcher.cli.StackLock;
import io.perennial.launcher.cli.WrongCall;
import io.perennial.launcher.stack.Part;
import io.perennial.launcher.stack.Place;
import io.perennial.launcher.stack.Progress;
import io.perennial.launcher.stack.Stack;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** Main class behind {@code ./perennial demo}: a stack of its own, a story, and nothing left behind unless it is wanted. */
final class Demo {
    /** The usual ports, moved by so much, meet none of the usual ports. */
    private static final int PORTS_APART = 100;

    private final Stack stack;
    private final Options options;
    private final PrintStream out;

    Demo(Stack stack, Options options, PrintStream out) {
        this.stack = stack;
        this.options = options;
        this.out = out;
    }

    public static void main(String[] arguments) {
        System.exit(Answer.of(() -> run(List.of(arguments))));
    }

    private static int run(List<String> words) {
        Options options = Options.of(words);
        Place place = Place.of(Path.of(System.getProperty("perennial.root", ".")), System.getenv())
                .beside("demo", PORTS_APART);
        return new Demo(place.stack(), options, System.out).run() ? 0 : 1;
    }

    /**
     * What may be said after the word.
     *
     * @param keep whether everything goes on at the end, to be looked at
     */
    record Options(long seed, boolean keep) {
        private static final long USUAL_SEED = 7;
        private static final String SEED = "--seed=";

        static Options of(List<String> words) {
            long seed = USUAL_SEED;
            boolean keep = false;
            for (String word : words) {
                if (word.equals("--keep")) {
                    keep = true;
                } else if (word.startsWith(SEED)) {
                    seed = number(word.substring(SEED.length()));
                } else {
                    throw new WrongCall("demo knows --seed=NUMBER and --keep only");
                }
            }
            return new Options(seed, keep);
        }

        private static long number(String text) {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw new WrongCall("the seed '" + text + "' is no whole number");
            }
        }
    }

    /** True if everything was as it should be. */
    boolean run() {
        try (Farewell prepared = Farewell.prepare(out);
                StackLock held = StackLock.take(stack.home(), "demo")) {
            return play();
        }
    }

    private boolean play() {
        boolean well = false;
        try {
            begin();
            well = new Story(stack, options.seed(), out).tell();
            return well;
        } finally {
            end(well);
        }
    }

    private void begin() {
        if (stack.parts().stream().anyMatch(Part::alive)) {
            out.println("The demo that was kept is stopped, and begins anew");
        }
        stack.reset(Progress.SILENT);
        out.println("Starting "
                + String.join(", ", stack.parts().stream().map(Part::name).toList()) + " (data and logs in "
                + stack.home().directory() + ")");
        stack.start(Progress.SILENT);
    }

    private void end(boolean well) {
        // stopping waits, which an interrupted thread may not
        boolean interrupted = Thread.interrupted();
        if (well && options.keep()) {
            String there = "PERENNIAL_HOME=" + stack.home().directory() + " PERENNIAL_PORT_OFFSET="
                    + stack.ports().offset() + " ./perennial ";
            out.println("Everything goes on. To stop it: " + there + "down; to delete it: " + there + "reset");
        } else if (well) {
            stack.reset(Progress.SILENT);
            out.println("Stopped; nothing is left of it (--keep leaves everything running)");
        } else if (stack.parts().stream().anyMatch(Part::alive)) {
            stack.stop(Progress.SILENT);
            out.println("Stopped; data and logs are left in " + stack.home().directory());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
