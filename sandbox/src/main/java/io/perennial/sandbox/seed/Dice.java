package io.perennial.sandbox.seed;

/**
 * Random numbers as a pure function of (seed, salt), by the SplitMix64 finaliser. Unlike a generator it has no position, so
 * adding a roll somewhere never changes the others.
 */
public record Dice(long seed) {

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    public Dice child(long salt) {
        return new Dice(roll(salt));
    }

    public long roll(long salt) {
        long z = seed + GOLDEN * (salt + 1);
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** From {@code low} to {@code high}, both included. */
    public int between(long salt, int low, int high) {
        return low + (int) Long.remainderUnsigned(roll(salt), high - low + 1L);
    }

    /** At least 0, less than 1. */
    public double fraction(long salt) {
        return (roll(salt) >>> 11) * 0x1.0p-53;
    }

    public String letters(long salt, int length, String alphabet) {
        Dice letters = child(salt);
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(letters.between(i, 0, alphabet.length() - 1)));
        }
        return text.toString();
    }
}
