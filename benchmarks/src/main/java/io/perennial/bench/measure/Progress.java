package io.perennial.bench.measure;

/** Tells the person at the terminal how far it is. */
public interface Progress {
    Progress SILENT = line -> {};

    void say(String line);
}
