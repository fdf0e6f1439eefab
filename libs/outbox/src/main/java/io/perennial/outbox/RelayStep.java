package io.perennial.outbox;

/** Where tests stop a relay or let it die. */
enum RelayStep {
    HEARTBEAT,
    ROWS_READ,
    BATCH_SENT,
    BATCH_COMMITTED;

    /** Called by the relay's threads at each step. */
    interface Observer {
        Observer NONE = step -> {};

        void reached(RelayStep step) throws InterruptedException;
    }
}
