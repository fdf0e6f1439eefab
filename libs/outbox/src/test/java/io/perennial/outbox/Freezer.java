package io.perennial.outbox;

import java.util.concurrent.CountDownLatch;

/** Stops every thread of a relay, as SIGSTOP does with its process, once one of them reaches the chosen step. */
final class Freezer implements RelayStep.Observer {
    private final CountDownLatch frozen = new CountDownLatch(1);
    private final CountDownLatch thawed = new CountDownLatch(1);
    private final RelayStep at;

    Freezer(RelayStep at) {
        this.at = at;
    }

    @Override
    public void reached(RelayStep step) throws InterruptedException {
        if (step == at) {
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
