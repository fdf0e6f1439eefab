package io.perennial.console.words;

import io.perennial.contracts.ConnectionStatus;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A connection's state as people see it: an icon, a word and a tone.
 *
 * @param icon name of the symbol in {@code icons.svg}; each state has a shape of its own
 * @param meaning what it means for the merchant, in one sentence
 */
public record StateWord(String icon, String word, Tone tone, String meaning) {
    /** Reminders begin here, and so does "ends soon". */
    public static final Duration SOON = Duration.ofDays(30);

    /** The word for a state, given when the authorization ends. */
    public static StateWord of(ConnectionStatus state, @Nullable Instant endsAt, Instant now) {
        if (state == ConnectionStatus.ACTIVE && endsAt != null && endsAt.isBefore(now.plus(SOON))) {
            return new StateWord(
                    "ends-soon", "Ends soon", Tone.SOON, "It works, and the merchant is reminded to renew it.");
        }
        if (state == ConnectionStatus.OVERDUE && endsAt != null && endsAt.isAfter(now)) {
            return new StateWord(
                    "overdue",
                    "Overdue",
                    Tone.SOON,
                    "Its end was corrected to a later day. It is active again once Amazon was asked.");
        }
        return of(state);
    }

    /** The word for a state, whenever the authorization ends. */
    public static StateWord of(ConnectionStatus state) {
        return switch (state) {
            case PENDING ->
                new StateWord("pending", "Waiting for consent", Tone.IDLE, "The merchant has not authorized it yet.");
            case ACTIVE -> new StateWord("active", "Active", Tone.GOOD, "It works.");
            case SUSPECT ->
                new StateWord(
                        "suspect",
                        "Being checked",
                        Tone.SOON,
                        "Amazon refused it once; a second look decides shortly.");
            case OVERDUE ->
                new StateWord(
                        "overdue", "Overdue", Tone.SOON, "It is past its end and still works; it may stop any minute.");
            case EXPIRED ->
                new StateWord("expired", "Expired", Tone.BAD, "Nothing is fetched until the merchant renews it.");
            case REVOKED ->
                new StateWord(
                        "revoked",
                        "Revoked",
                        Tone.BAD,
                        "The access was taken away at Amazon; only a new consent helps.");
            case DISCONNECTED ->
                new StateWord("disconnected", "Disconnected", Tone.IDLE, "It was given up and can not be revived.");
        };
    }
}
