package io.perennial.outbox;

/** A row that can never be published. */
final class PoisonRowException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PoisonRowException(String reason) {
        super(reason);
    }
}
