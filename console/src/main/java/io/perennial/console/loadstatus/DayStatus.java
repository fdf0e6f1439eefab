package io.perennial.console.loadstatus;

import java.util.Arrays;
import java.util.Locale;

/** How a day was loaded: a letter, a word and a colour. */
enum DayStatus {
    COMPLETE("C", "Complete"),
    PARTIAL("P", "Partly loaded"),
    RUNNING("R", "Loading now"),
    FAILED("F", "Failed"),
    PARKED("W", "Waits for a renewal"),
    NO_ACCESS("N", "No access"),
    NOT_OFFERED("–", "Not offered by Amazon"),
    NONE("·", "Nothing loaded");

    private final String letter;
    private final String word;

    DayStatus(String letter, String word) {
        this.letter = letter;
        this.word = word;
    }

    public String letter() {
        return letter;
    }

    public String word() {
        return word;
    }

    public String css() {
        return "day-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What is not known here counts as nothing loaded. */
    static DayStatus of(String name) {
        return Arrays.stream(values())
                .filter(status -> status.name().equals(name))
                .findFirst()
                .orElse(NONE);
    }
}
