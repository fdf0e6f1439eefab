package io.perennial.merchants.year;

import io.perennial.merchants.Habit;
import io.perennial.merchants.Seller;
import io.perennial.merchants.Shop;
import java.time.Duration;

/** One with a shop, a habit, and what came of it so far. */
final class Merchant {
    final Shop shop;
    final Habit habit;

    /** Whose account he is signed in with if it is the wrong one. */
    final Seller wrong;

    /** How long after the beginning he revokes if he is one who does. */
    final Duration revokesAfter;

    private int mails;
    private boolean hesitated;
    private boolean renewed;

    Merchant(Shop shop, Habit habit, Seller wrong, Duration revokesAfter) {
        this.shop = shop;
        this.habit = habit;
        this.wrong = wrong;
        this.revokesAfter = revokesAfter;
    }

    /** True if he does something about this mail. */
    boolean movedByMail() {
        return !renewed && ++mails >= habit.patience();
    }

    /** True if the time has come to take back what he gave. */
    boolean revokes(Duration sinceBegin) {
        boolean now = habit.kind() == Habit.Kind.REVOKES && !hesitated && sinceBegin.compareTo(revokesAfter) > 0;
        hesitated |= now;
        return now;
    }

    /** What he does next about a mail; who has hesitated once does not do it again. */
    Act.Kind next() {
        Act.Kind next = hesitated ? Act.Kind.RENEWED : first();
        hesitated = true;
        renewed = next == Act.Kind.RENEWED;
        return next;
    }

    private Act.Kind first() {
        return switch (habit.kind()) {
            case CANCELS_FIRST -> Act.Kind.TURNED_BACK;
            case WRONG_ACCOUNT_FIRST -> Act.Kind.CAME_AS_ANOTHER;
            default -> Act.Kind.RENEWED;
        };
    }
}
