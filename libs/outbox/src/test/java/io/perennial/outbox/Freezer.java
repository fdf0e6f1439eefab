package io.perennial.outbox;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Stops every thread of a relay, as SIGSTOP does with its process, once they have reached the chosen step so often. */
final class Freezer implements RelayStep.Observer {
    private final CountDownLatch frozen = new CountDownLatch(1);
    private final CountDownLatch thawed = new CountDownLatch(1);
    private final RelayStep at;
    private final AtomicInteger left;

    Freezer(RelayStep at, int times) {
        this.at = at;
        this.left = new AtomicInteger(times);
    }

    @Override
    public void reached(RelayStep step) throws InterruptedException {
        if (step == at && left.decrementAndGet() == 0) {
            frozen.countDown();
        }
        if (frozen.getCount() == 0) {
            thawed.await();
        }
    }

    boolean isFrozen() {
        return frozen.getCount() == 0;
    }

    void thaw() {
        thawed.countDown();
    }
}
