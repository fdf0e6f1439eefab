package io.perennial.bench.expiry;

import io.perennial.bench.lab.Lab;

/** A scheduler that others would take, in the settings that it recommends for many short jobs. */
interface Peer {
    String name();

    /** For the configuration of the result. */
    String settings();

    /** Makes its tables, with so many jobs that are due and so many that are not. */
    void seed(Lab lab, String database, int due, int later);

    /** Starts it; each job calls {@link Outbox#announce}. The answer stops it. */
    Runnable start(Outbox outbox);
}
