package io.perennial.inbox;

/** The process stops before a batch could be handled; its records stay as they are. */
final class StoppingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoppingException() {
        super("The process stops; the batch stays unacknowledged", null, false, false);
    }
}
