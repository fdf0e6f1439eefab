package io.perennial.console.connection;

import io.perennial.console.view.FetchView;
import io.perennial.console.words.EventSentence;
import io.perennial.console.words.Moments;
import io.perennial.console.words.Names;
import io.perennial.console.words.Tone;
import io.perennial.console.words.TroubleSentence;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One fetch job, in words. */
record FetchLine(
        String reason,
        @Nullable String span,
        String state,
        Tone tone,
        String counts,
        @Nullable String because,
        Instant at,
        boolean underWay) {

    static FetchLine of(FetchView fetch) {
        return new FetchLine(
                Names.of(fetch.reason()),
                fetch.from() == null || fetch.to() == null
                        ? null
                        : Moments.day(fetch.from()) + " to " + Moments.day(fetch.to()),
                word(fetch.state()),
                tone(fetch.state()),
                counts(fetch),
                fetch.code() == null ? null : TroubleSentence.because(fetch.code()),
                fetch.changedAt(),
                fetch.underWay());
    }

    private static String counts(FetchView fetch) {
        return fetch.pages() == 0 && fetch.orders() == 0
                ? ""
                : (fetch.pages() == 1 ? "1 page, " : fetch.pages() + " pages, ")
                        + EventSentence.counted(fetch.ordersNew(), fetch.ordersUpdated(), fetch.ordersUnchanged());
    }

    private static String word(String state) {
        return switch (state) {
            case "WAITING" -> "Waiting";
            case "RUNNING" -> "Running";
            case "COMPLETED" -> "Completed";
            case "FAILED" -> "Failed";
            case "PARKED" -> "Parked";
            default -> Names.plain(state);
        };
    }

    private static Tone tone(String state) {
        return switch (state) {
            case "COMPLETED" -> Tone.GOOD;
            case "FAILED" -> Tone.BAD;
            case "PARKED" -> Tone.SOON;
            default -> Tone.IDLE;
        };
    }
}
