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
 * Probes the machine for one and a half seconds: statements of the database, synced writes, and a loop on the CPU, in turns. So
 * a stutter of the disk that is over in a moment does not stand for the time around it.
 *
 * <p>Statements go many at a time. One by one they tell where the kernel happens to put the two processes that wake each other:
 * 11,000 to 47,000 a second within a minute in which nothing else changed by more than a fifth.
 */
public final class Machine implements Probe {
    private static final int TURNS = 5;
    private static final double TURN_SECONDS = 0.1;
    private static final int STATEMENTS = 100;

    private final Lab lab;
    private long sink;

    public Machine(Lab lab) {
        this.lab = lab;
    }

    @Override
    public Speed measure() {
        Path file = lab.directory().resolve("probe");
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer page = ByteBuffer.allocate(8192);
            Rate statements = new Rate(() -> lab.ask("select 1", STATEMENTS));
            Rate syncs = new Rate(() -> sync(channel, page));
            Rate loops = new Rate(this::loop);
            for (int turn = 0; turn < TURNS; turn++) {
                statements.turn();
                syncs.turn();
                loops.turn();
            }
            return new Speed(statements.aSecond(), syncs.aSecond(), loops.aSecond());
        } catch (IOException e) {
            throw new LauncherException("the disk can not be probed: " + e.getMessage(), e);
        } finally {
            delete(file);
        }
    }

    private static void sync(FileChannel channel, ByteBuffer page) {
        try {
            page.rewind();
            channel.write(page, 0);
            channel.force(false);
        } catch (IOException e) {
            throw new LauncherException("the disk can not be probed: " + e.getMessage(), e);
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

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new LauncherException("can not delete " + file, e);
        }
    }

    /** How often something is done in a second, over several turns. */
    private static final class Rate {
        private final Runnable work;
        private long done;
        private double seconds;

        Rate(Runnable work) {
            this.work = work;
        }

        void turn() {
            long began = System.nanoTime();
            double spent;
            do {
                work.run();
                done++;
                spent = (System.nanoTime() - began) / 1e9;
            } while (spent < TURN_SECONDS);
            seconds += spent;
        }

        double aSecond() {
            return done / seconds;
        }
    }
}
