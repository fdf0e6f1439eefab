package io.perennial.fetch.retry;

/** Which answers with an error are tried again. */
public enum RetryMode {
    NONE,
    ANY,
    /** Those whose HTTP status is in the list. */
    STATUS_MATCHES
}
