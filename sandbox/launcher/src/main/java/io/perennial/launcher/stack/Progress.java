package io.perennial.launcher.stack;

import java.time.Duration;

/** Hears what happens while many things start or stop at once; called from several threads. */
public interface Progress {

    Progress SILENT = new Progress() {};

    default void started(String part) {}

    default void ready(String part, Duration after) {}

    default void stopped(String part) {}

    default void note(String text) {}
}
