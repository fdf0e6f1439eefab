package io.perennial.launcher.service;

import io.perennial.launcher.process.LogTail;
import java.nio.file.Path;
import java.util.List;

/** The lines of a log that most probably say what went wrong, as one line. */
final class LastErrors {

    private static final int LINES = 3;
    private static final int LONGEST = 300;

    private LastErrors() {}

    static String in(Path log, long position) {
        List<String> tail = LogTail.lines(log, 200, position);
        List<String> errors = tail.stream().filter(LastErrors::speaks).toList();
        List<String> chosen = errors.isEmpty() ? tail : errors;
        return String.join(
                " | ",
                chosen.subList(Math.max(0, chosen.size() - LINES), chosen.size()).stream()
                        .map(line -> line.strip())
                        .map(line -> line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line)
                        .toList());
    }

    private static boolean speaks(String line) {
        return line.contains("ERROR")
                || line.contains("FATAL")
                || line.startsWith("Caused by")
                || line.startsWith("Error");
    }
}
