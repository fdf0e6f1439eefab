package io.perennial.launcher.cli;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** When the JVM is told to end, the thread that opened this is interrupted and stops what it started; the JVM waits for that. */
public final class Farewell implements AutoCloseable {

    private static final long SECONDS = 60;

    private final Thread worker = Thread.currentThread();
    private final Thread hook = new Thread(this::interrupt, "stop");
    private final CountDownLatch done = new CountDownLatch(1);
    private final PrintStream out;

    private Farewell(PrintStream out) {
        this.out = out;
    }

    public static Farewell prepare(PrintStream out) {
        Farewell farewell = new Farewell(out);
        Runtime.getRuntime().addShutdownHook(farewell.hook);
        return farewell;
    }

    private void interrupt() {
        worker.interrupt();
        try {
            if (!done.await(SECONDS, TimeUnit.SECONDS)) {
                out.println("perennial: not everything stopped in time; see ./perennial status");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** All is stopped that had to be. */
    @Override
    public void close() {
        done.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the JVM is ending already, and the hook has been told that all is done
            return;
        }
    }
}
