package io.perennial.console.view;

import io.perennial.console.words.SearchWords;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which connections a person wants to see. What is null or empty does not restrict; without a state, those given up are
 * left out.
 *
 * @param words prefixes of words of label, ids and account; all must be found
 * @param endsFrom only those that end at this instant or later
 * @param endsBefore only those that end before this instant
 */
public record ConnectionFilter(
        List<String> words,
        @Nullable ConnectionStatus state,
        @Nullable Provider provider,
        @Nullable Region region,
        @Nullable String tenant,
        boolean needsConsent,
        @Nullable Instant endsFrom,
        @Nullable Instant endsBefore) {

    /** Everything that is not given up. */
    public static final ConnectionFilter NONE =
            new ConnectionFilter(List.of(), null, null, null, null, false, null, null);

    /** The prefixes in what a person typed. */
    public static List<String> words(@Nullable String typed) {
        return SearchWords.of(typed);
    }

    /** Only those that work and end in this span. */
    public static ConnectionFilter ending(Instant from, Instant before) {
        return new ConnectionFilter(List.of(), null, null, null, null, false, from, before);
    }

    /** Only those in this state. */
    public static ConnectionFilter in(ConnectionStatus state) {
        return new ConnectionFilter(List.of(), state, null, null, null, false, null, null);
    }

    /** Only those for which nothing but the merchant's consent helps. */
    public static ConnectionFilter needingConsent() {
        return new ConnectionFilter(List.of(), null, null, null, null, true, null, null);
    }
}
