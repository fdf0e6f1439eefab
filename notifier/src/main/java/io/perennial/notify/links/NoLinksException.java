package io.perennial.notify.links;

/** auth-service gave no usable answer. Nobody is mailed; asking again later may help. */
public final class NoLinksException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    // No cause: a parser's message would quote addresses.
    NoLinksException(String reason) {
        super("auth-service gave no reminder links: " + reason);
    }
}
