package io.perennial.notify.reminder;

import java.time.Duration;

/** How long a reminder waits before auth-service is asked again. */
final class LinkPauses {
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final int DOUBLINGS = 6;

    private LinkPauses() {}

    /** After auth-service gave no links; without end, because without links nobody can be mailed anyway. */
    static Duration after(int unansweredBefore) {
        Duration pause = Duration.ofSeconds(1L << Math.min(unansweredBefore, DOUBLINGS));
        return pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
    }
}
