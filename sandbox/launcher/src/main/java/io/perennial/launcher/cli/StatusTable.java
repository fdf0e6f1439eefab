package io.perennial.launcher.cli;

import io.perennial.launcher.stack.PartStatus;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The status as a table for people: one line per process, then the sum. */
final class StatusTable {

    private static final String ROW = "%-20s %-10s %-20s %7s %8s %10s";

    private StatusTable() {}

    static List<String> lines(List<PartStatus> all, ZoneId zone) {
        List<String> lines = new ArrayList<>();
        lines.add(row("PROCESS", "STATE", "STARTED", "PORT", "PID", "MEMORY"));
        for (PartStatus one : all) {
            lines.add(row(
                    one.name(),
                    one.state().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    one.startedAt().map(instant -> local(instant, zone)).orElse("-"),
                    Integer.toString(one.port()),
                    one.pid().map(String::valueOf).orElse("-"),
                    one.pid().isPresent() ? mebibytes(one.memoryBytes()) : "-"));
        }
        long sum = all.stream().mapToLong(PartStatus::memoryBytes).sum();
        lines.add(row("total", "", "", "", "", mebibytes(sum)));
        return lines;
    }

    private static String row(String... cells) {
        return String.format(Locale.ROOT, ROW, (Object[]) cells).stripTrailing();
    }

    private static String local(Instant instant, ZoneId zone) {
        return DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT)
                .withZone(zone)
                .format(instant);
    }

    private static String mebibytes(long bytes) {
        return (bytes + (1 << 19)) / (1 << 20) + " MiB";
    }
}
