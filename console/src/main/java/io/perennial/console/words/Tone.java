package io.perennial.console.words;

import java.util.Locale;

/** How a word is coloured; never the only carrier of a meaning. */
public enum Tone {
    GOOD,
    SOON,
    BAD,
    IDLE;

    /** Name of the style class. */
    public String css() {
        return "tone-" + name().toLowerCase(Locale.ROOT);
    }
}
