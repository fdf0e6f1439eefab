package io.perennial.notify.email;

/** A mail for which something is missing. The message names the field, never its content. */
final class UnwritableMailException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnwritableMailException(String missing) {
        super("The mail can not be written without a usable " + missing);
    }
}
