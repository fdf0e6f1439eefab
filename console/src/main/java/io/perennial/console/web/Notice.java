package io.perennial.console.web;

import io.perennial.console.remote.Answer;
import io.perennial.console.words.Tone;
import org.jspecify.annotations.Nullable;

/**
 * What came of a button.
 *
 * @param link an address that the person asked for, to be copied; never stored
 */
public record Notice(Tone tone, String title, String detail, @Nullable String link) {

    public static Notice good(String title, String detail) {
        return new Notice(Tone.GOOD, title, detail, null);
    }

    public static Notice link(String title, String detail, String url) {
        return new Notice(Tone.GOOD, title, detail, url);
    }

    /** Says why a service refused, or which one does not answer. */
    public static Notice refused(String wish, Answer answer) {
        return answer.fold(
                done -> new Notice(Tone.SOON, wish + " is not certain", "The answer could not be understood.", null),
                refused -> new Notice(Tone.BAD, wish + " was refused", reason(refused), null),
                silent -> new Notice(
                        Tone.BAD,
                        wish + " did not work",
                        silent.service().title() + " does not answer at the moment. Nothing was changed as far as is"
                                + " known; please try again shortly.",
                        null));
    }

    private static String reason(Answer.Refused refused) {
        return switch (refused.code()) {
            case "FORBIDDEN" -> "Your role does not allow this.";
            case "UNAUTHENTICATED" -> "Your sign-in has ended. Please load the page again.";
            case "NOT_FOUND" -> "The connection is not known there (yet). Please try again in a moment.";
            case "CONNECTION_DISCONNECTED" -> "The connection was given up and can not be used again.";
            default -> refused.detail().isEmpty() ? "Code " + refused.code() + "." : refused.detail();
        };
    }
}
