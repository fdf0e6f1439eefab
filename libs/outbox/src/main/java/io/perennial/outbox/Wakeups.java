package io.perennial.outbox;

import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** Carries "something was committed" to the threads that publish. */
@Singleton
class Wakeups {
    private final Set<Wakeup> sleepers = ConcurrentHashMap.newKeySet();

    private volatile Runnable others = () -> {};

    /** Wakes the threads of this process and those of other replicas. */
    void wake() {
        wakeHere();
        others.run();
    }

    void wakeHere() {
        sleepers.forEach(Wakeup::wake);
    }

    /** What carries a wake-up beyond this process. */
    void passOnTo(Runnable hint) {
        others = hint;
    }

    Wakeup register() {
        Wakeup wakeup = new Wakeup();
        sleepers.add(wakeup);
        return wakeup;
    }

    final class Wakeup implements AutoCloseable {
        private final Semaphore signal = new Semaphore(0);

        private Wakeup() {}

        void wake() {
            if (signal.availablePermits() == 0) {
                signal.release();
            }
        }

        void await() throws InterruptedException {
            signal.acquire();
            signal.drainPermits();
        }

        @Override
        public void close() {
            sleepers.remove(this);
        }
    }
}
