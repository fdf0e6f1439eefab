package io.perennial.merchants.year;

import io.perennial.launcher.stack.StackService;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Who dies when: one in each stretch of moves, at a drawn moment, and nobody again before all others. The same seed brings the
 * same deaths.
 */
public final class Deaths {
    /** Dice of their own: what merchants do must not change who dies. */
    private final Random dice;

    private final List<StackService> mortal;
    private final int stretch;
    private final Deque<StackService> roster = new ArrayDeque<>();
    private int moves;
    private int fatal;

    /**
     * @param mortal who may die
     * @param stretch in so many moves of the clock exactly one dies
     */
    public Deaths(long seed, List<StackService> mortal, int stretch) {
        this.dice = new Random(~seed);
        this.mortal = mortal;
        this.stretch = stretch;
    }

    /** Who dies in the next move, if anybody does. */
    public Optional<StackService> next() {
        int at = moves++ % stretch;
        if (at == 0) {
            fatal = dice.nextInt(stretch);
        }
        return at == fatal ? Optional.of(victim()) : Optional.empty();
    }

    private StackService victim() {
        if (roster.isEmpty()) {
            List<StackService> all = new ArrayList<>(mortal);
            Collections.shuffle(all, dice);
            roster.addAll(all);
        }
        return roster.remove();
    }
}
