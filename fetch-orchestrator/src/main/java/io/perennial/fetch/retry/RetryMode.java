package io.perennial.fetch.retry;

/** Which refusals are tried again. */
public enum RetryMode {
    NONE,
    ANY,
    /** Those whose HTTP status is in the list. */
    STATUS_MATCHES
}
