package io.perennial.contracts;

/**
 * A record that can never be read: not an event of ours, broken JSON, a missing field, or a type of another major
 * version. The message names what is wrong and never quotes the payload, because it ends in a dead letter's headers.
 */
public final class UnreadableEventException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnreadableEventException(String message) {
        super(message);
    }
}
