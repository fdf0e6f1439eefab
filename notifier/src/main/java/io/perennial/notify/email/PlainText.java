package io.perennial.notify.email;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names given by others, cleaned so that they can stand in a subject, a sentence or a header. */
public final class PlainText {
    private static final int MAX_NAME = 120;
    private static final String CUT = "…";

    // Breaks lines, or is invisible: controls, line and paragraph separators, lone halves of a character, private use.
    private static final Pattern BREAKS = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}\\p{Cs}\\p{Co}]+");
    // Turns the direction of what follows, or hides: a name could rewrite the rest of a line. Joiners of emoji stay.
    private static final Pattern DECEIVES =
            Pattern.compile("[\\u00AD\\u061C\\u180E\\u200B\\u200E\\u200F\\u202A-\\u202E\\u2060-\\u206F\\uFEFF]");
    private static final Pattern SPACES = Pattern.compile("[\\p{Zs}\\s]+");

    private PlainText() {}

    /** One line of visible characters, not longer than a name; empty if nothing is left. */
    static String name(@Nullable String text) {
        if (text == null) {
            return "";
        }
        // Cut before and after: a text of megabytes is not worth cleaning.
        String cleaned = BREAKS.matcher(cut(text, 4 * MAX_NAME)).replaceAll(" ");
        cleaned = DECEIVES.matcher(cleaned).replaceAll("");
        return cut(SPACES.matcher(cleaned).replaceAll(" ").strip(), MAX_NAME);
    }

    /** The first of the texts that is not empty when cleaned. */
    public static String firstName(@Nullable String... texts) {
        for (String text : texts) {
            String name = name(text);
            if (!name.isEmpty()) {
                return name;
            }
        }
        return "";
    }

    private static String cut(String text, int max) {
        if (text.codePointCount(0, text.length()) <= max) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, max - 1)).stripTrailing() + CUT;
    }
}
