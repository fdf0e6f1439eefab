package io.perennial.bench.lab;

import io.perennial.bench.measure.Probe;
import io.perennial.launcher.LauncherException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Probes the machine for about a second: statements of the database, synced writes, and a loop on the CPU.
 *
 * <p>Statements go many at a time. One by one they tell where the kernel happens to put the two processes that wake each other:
 * 11,000 to 47,000 a second within a minute in which nothing else changed by more than a fifth.
 */
public final class Machine implements Probe {
    private static final double PART_SECONDS = 0.33;
    private static final int STATEMENTS = 100;

    private final Lab lab;
    private long sink;

    public Machine(Lab lab) {
        this.lab = lab;
    }

    @Override
    public Speed measure() {
        double statements = rate(() -> lab.ask("select 1", STATEMENTS));
        double syncs = syncs();
        double loops = rate(this::loop);
        return new Speed(statements, syncs, loops);
    }

    private double syncs() {
        Path file = lab.directory().resolve("probe");
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer page = ByteBuffer.allocate(8192);
            return rate(() -> {
                try {
                    page.rewind();
                    channel.write(page, 0);
                    channel.force(false);
                } catch (IOException e) {
                    throw new LauncherException("the disk can not be probed: " + e.getMessage(), e);
                }
            });
        } catch (IOException e) {
            throw new LauncherException("the disk can not be probed: " + e.getMessage(), e);
        } finally {
            delete(file);
        }
    }

    private void loop() {
        long x = sink | 1;
        for (int i = 0; i < 100_000; i++) {
            x ^= x << 13;
            x ^= x >>> 7;
            x ^= x << 17;
        }
        sink = x;
    }

    private static double rate(Runnable work) {
        long began = System.nanoTime();
        long done = 0;
        double seconds;
        do {
            work.run();
            done++;
            seconds = (System.nanoTime() - began) / 1e9;
        } while (seconds < PART_SECONDS);
        return done / seconds;
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new LauncherException("can not delete " + file, e);
        }
    }
}
