package io.perennial.auth.token.amazon;

import org.jspecify.annotations.Nullable;

/** How an account is called, in the provider's words: shown to people and told in events, so none is longer than a label. */
final class AccountName {
    private static final int LONGEST = 200;

    private AccountName() {}

    /** Null if there is none; an unheard-of length is cut, and what no database takes is a blank. */
    static @Nullable String of(@Nullable String said) {
        if (said == null || said.isBlank()) {
            return null;
        }
        String name = said.replace('\0', ' ');
        if (name.length() <= LONGEST) {
            return name;
        }
        return name.substring(0, Character.isHighSurrogate(name.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST);
    }
}
