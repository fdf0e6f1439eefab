package io.perennial.launcher.stack;

import io.perennial.launcher.LauncherException;
import io.perennial.launcher.process.OwnedProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** One process of the stack. What is not running may be started, what runs may be stopped, killed or frozen. */
public interface Part {

    String name();

    /** All ports that the process listens on; the first is the one people know. */
    List<Integer> ports();

    Path log();

    /** The process, if it runs. */
    Optional<OwnedProcess> process();

    /** Returns when the part serves; on failure it is stopped again. */
    void start();

    /** True when it runs and serves. */
    boolean ready();

    /** Ends it politely within a deadline. */
    void stop();

    default boolean alive() {
        return process().isPresent();
    }

    /** As {@code kill -9}: no farewell; returns when it is gone. */
    default void kill() {
        running().kill();
    }

    /** As {@code kill -STOP}: it keeps its connections and leases, and does nothing. */
    default void freeze() {
        running().freeze();
    }

    default void thaw() {
        running().thaw();
    }

    private OwnedProcess running() {
        return process().orElseThrow(() -> new LauncherException(name() + " is not running"));
    }
}
