package io.perennial.launcher.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Memory of one process: the proportional share where Linux tells it, the resident size elsewhere. */
final class ProcessMemory {

    private static final Pattern NUMBER = Pattern.compile("\\D+");

    private ProcessMemory() {}

    static long bytes(long pid) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
                if (line.startsWith("Pss:")) {
                    return kibibytes(line);
                }
            }
        } catch (IOException e) {
            return resident(pid);
        }
        return 0;
    }

    private static long resident(long pid) {
        try {
            Process ps = new ProcessBuilder("ps", "-o", "rss=", "-p", Long.toString(pid)).start();
            String answer = new String(ps.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.isBlank() ? 0 : kibibytes(answer);
        } catch (IOException e) {
            return 0;
        }
    }

    private static long kibibytes(String text) {
        String digits = NUMBER.matcher(text).replaceAll("");
        return digits.isEmpty() ? 0 : Long.parseLong(digits) * 1024;
    }
}
