package io.perennial.fetch.retry;

import java.util.List;

/**
 * How often a refused request is tried again.
 *
 * @param statuses that match; they count in mode {@code STATUS_MATCHES} alone
 * @param mostAttempts after the first one
 * @param multiply whether each pause is twice as long as the one before
 */
public record RetrySettings(RetryMode mode, List<Integer> statuses, int mostAttempts, boolean multiply) {
    /** Whether a request is tried again that was refused with a status, after so many attempts in a row. */
    public boolean again(int status, int attempts) {
        boolean meant = mode == RetryMode.ANY || mode == RetryMode.STATUS_MATCHES && statuses.contains(status);
        return meant && attempts <= mostAttempts;
    }
}
