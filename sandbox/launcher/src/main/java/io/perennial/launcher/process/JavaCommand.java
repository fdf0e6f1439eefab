package io.perennial.launcher.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A command line that starts a JVM of the same installation as this one. */
public record JavaCommand(List<String> words) {

    public JavaCommand {
        words = List.copyOf(words);
    }

    /**
     * Small heap, serial collector, first compiler only: many JVMs share one machine and live shortly. Classes may fill
     * as much as those of a service do before the heap is collected for their sake.
     */
    public static JavaCommand small(String heap) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new JavaCommand(List.of(
                java,
                "-Xmx" + heap,
                "-Xss512k",
                "-XX:MetaspaceSize=96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
    }

    public JavaCommand with(String... more) {
        List<String> all = new ArrayList<>(words);
        all.addAll(List.of(more));
        return new JavaCommand(all);
    }
}
