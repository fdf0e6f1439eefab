package io.perennial.launcher.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The end of a log file, without reading the rest. */
public final class LogTail {

    private static final int WINDOW = 64 * 1024;

    private static final long LARGE = 20L * 1024 * 1024;

    private LogTail() {}

    /** Keeps one older file, so that logs do not grow for ever. */
    static void setAsideWhenLarge(Path log) throws IOException {
        if (Files.exists(log) && Files.size(log) > LARGE) {
            Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    public static List<String> lines(Path log, int count) {
        return lines(log, count, 0);
    }

    /** The length that a log has now, to read later only what came after. */
    public static long position(Path log) {
        return log.toFile().length();
    }

    /** The last lines among those that were written after the position. */
    public static List<String> lines(Path log, int count, long position) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            // a log that was set aside meanwhile is shorter than the position
            long begin = position <= file.length() ? position : 0;
            long from = Math.max(begin, file.length() - WINDOW);
            byte[] end = new byte[(int) (file.length() - from)];
            file.seek(from);
            file.readFully(end);
            List<String> lines = new String(end, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
            return lines.subList(Math.max(0, lines.size() - count), lines.size());
        } catch (IOException e) {
            return List.of();
        }
    }
}
