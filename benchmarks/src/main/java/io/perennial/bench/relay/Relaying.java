package io.perennial.bench.relay;

/** Something that carries rows from an outbox to the broker while it is open. */
interface Relaying extends AutoCloseable {
    /** Rows were committed. */
    default void wake() {}

    /** How many rows the broker has for good. */
    long relayed();

    @Override
    void close();
}
