package io.perennial.contracts;

/** The data of an event. {@link EventType} names each kind and its topic. */
public interface Event {
    /** The connection and generation that the event speaks of. */
    ConnectionRef about();
}
