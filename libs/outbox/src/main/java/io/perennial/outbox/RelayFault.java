package io.perennial.outbox;

/** Database or broker do not do their part at the moment; the relay tries again. */
final class RelayFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RelayFault(String message, Throwable cause) {
        super(message, cause);
    }
}
