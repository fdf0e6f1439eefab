package io.perennial.notify.email;

import java.util.concurrent.atomic.AtomicReference;

/** One attempt to hand over a mail: either its final dot is written or it is given up, never both. */
final class MailAttempt {
    private enum State {
        OPEN,
        HANDED_OVER,
        GIVEN_UP
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);

    /** Whether the final dot may be written; from then on the mail may have left. */
    boolean handOver() {
        return state.compareAndSet(State.OPEN, State.HANDED_OVER);
    }

    /** Whether the mail has surely not left and, of this attempt, never will. */
    boolean giveUp() {
        return state.compareAndExchange(State.OPEN, State.GIVEN_UP) != State.HANDED_OVER;
    }
}
