package io.perennial.merchants.year;

import io.perennial.launcher.stack.StackService;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Who dies when. The same seed brings the same deaths. */
public final class Deaths {
    /** Dice of their own: what merchants do must not change who dies. */
    private final Random dice;

    private final List<StackService> mortal;
    private final int calm;

    /**
     * @param mortal who may die
     * @param calm in so many moves of the clock, on average, one dies
     */
    public Deaths(long seed, List<StackService> mortal, int calm) {
        this.dice = new Random(~seed);
        this.mortal = mortal;
        this.calm = calm;
    }

    /** Who dies in the next move, if anybody does. */
    public Optional<StackService> next() {
        return dice.nextInt(calm) == 0 ? Optional.of(mortal.get(dice.nextInt(mortal.size()))) : Optional.empty();
    }
}
