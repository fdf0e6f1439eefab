package io.perennial.bench.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** CPU time as the kernel counts it; zero where there is no {@code /proc}. */
final class CpuTime {
    private static final long TICK_MILLIS = 10;
    private static final int USER = 11;
    private static final int OF_ENDED_CHILDREN = 13;

    private CpuTime() {}

    static Duration of(long pid) {
        return Duration.ofMillis(ticks(pid, false) * TICK_MILLIS);
    }

    /** With its children, those that have ended too. */
    static Duration ofFamily(long pid) {
        long children = ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::descendants)
                .mapToLong(child -> ticks(child.pid(), false))
                .sum();
        return Duration.ofMillis((ticks(pid, true) + children) * TICK_MILLIS);
    }

    private static long ticks(long pid, boolean withEnded) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            // The name of the process, in brackets, may hold blanks.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            long ticks = Long.parseLong(fields[USER]) + Long.parseLong(fields[USER + 1]);
            return withEnded
                    ? ticks + Long.parseLong(fields[OF_ENDED_CHILDREN]) + Long.parseLong(fields[OF_ENDED_CHILDREN + 1])
                    : ticks;
        } catch (IOException e) {
            return 0;
        }
    }
}
