package io.perennial.fetch.retry;

import java.util.List;

/**
 * How often a request is tried again that was answered with a status from 400 on.
 *
 * @param statuses that match; they count in mode {@code STATUS_MATCHES} alone
 * @param mostAttempts after the first one
 * @param multiply whether each pause is twice as long as the one before
 */
public record RetrySettings(RetryMode mode, List<Integer> statuses, int mostAttempts, boolean multiply) {
    /**
     * Whether the settings speak of an answer with that status. Where they do not, and it is no refusal for what was asked
     * but an outage, it is waited out.
     */
    public boolean govern(int status) {
        return status >= 400 && (mode != RetryMode.STATUS_MATCHES || statuses.contains(status));
    }

    /** Whether a request is tried again that was refused with a status, after so many attempts in a row. */
    public boolean again(int status, int attempts) {
        boolean meant = mode == RetryMode.ANY || mode == RetryMode.STATUS_MATCHES && statuses.contains(status);
        return meant && attempts <= mostAttempts;
    }
}
