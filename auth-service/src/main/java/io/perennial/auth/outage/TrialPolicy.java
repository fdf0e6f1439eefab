package io.perennial.auth.outage;

import io.perennial.contracts.OutageReason;
import java.time.Duration;
import java.util.List;

/** Whether a trial ends an outage. */
public final class TrialPolicy {
    private TrialPolicy() {}

    /** What the provider said about a grant that was tried. */
    public enum Answer {
        ALIVE,
        REFUSED,
        NONE
    }

    /**
     * A grant that was tried.
     *
     * @param suspect whether it was refused before
     */
    public record Tried(boolean suspect, Answer answer) {}

    /**
     * A fault is over with the first orderly answer. A wave of refusals is over when one of the refused works again; if
     * other grants work and the wave lasts longer than any false one, the refusals are meant.
     */
    public static boolean over(OutageReason reason, Duration age, Duration hold, List<Tried> tried) {
        if (tried.isEmpty()) {
            // Nobody is left to ask: the next real question decides.
            return true;
        }
        if (reason != OutageReason.MASS_REFUSAL) {
            return tried.stream().anyMatch(one -> one.answer() != Answer.NONE);
        }
        boolean healed = tried.stream().anyMatch(one -> one.suspect() && one.answer() == Answer.ALIVE);
        boolean othersWork = tried.stream().anyMatch(one -> !one.suspect() && one.answer() == Answer.ALIVE);
        return healed || (othersWork && age.compareTo(hold) > 0);
    }
}
