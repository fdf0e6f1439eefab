package io.perennial.merchants;

import java.util.Random;

/**
 * What a merchant does about mails.
 *
 * @param kind how
 * @param patience after which mail of a generation; 1 is thirty days before the end, 6 the end itself
 */
public record Habit(Kind kind, int patience) {
    private static final int STAGES_BEFORE_THE_END = 5;
    private static final int LATEST = 9;

    public enum Kind {
        /** Opens the link and renews. */
        RENEWS,
        /** Is signed in with another account at first, is refused, and renews after the next mail. */
        WRONG_ACCOUNT_FIRST,
        /** Turns back at the provider's page at first, and renews after the next mail. */
        CANCELS_FIRST,
        /** Takes the authorization back at the provider long before its end, and renews when told what that means. */
        REVOKES,
        /** Reads no mail. */
        NEVER
    }

    /** One in ten each turns back, is signed in wrongly, revokes or never comes; the others renew, half of them late. */
    public static Habit of(Random dice) {
        int chance = dice.nextInt(10);
        int early = 1 + dice.nextInt(STAGES_BEFORE_THE_END);
        return switch (chance) {
            case 0 -> new Habit(Kind.NEVER, Integer.MAX_VALUE);
            case 1 -> new Habit(Kind.REVOKES, 1);
            case 2 -> new Habit(Kind.WRONG_ACCOUNT_FIRST, early);
            case 3 -> new Habit(Kind.CANCELS_FIRST, early);
            case 4, 5, 6 ->
                new Habit(Kind.RENEWS, STAGES_BEFORE_THE_END + 1 + dice.nextInt(LATEST - STAGES_BEFORE_THE_END));
            default -> new Habit(Kind.RENEWS, early);
        };
    }
}
