package io.perennial.console.words;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The words by which a connection is found; the search field is cut up by the same rule. */
public final class SearchWords {
    private static final Pattern BETWEEN = Pattern.compile("[^\\p{L}\\p{N}]+");

    /** One word, with its dashes or without: by its P alone every connection would be found. */
    private static final Pattern REFERENCE =
            Pattern.compile("(?<![\\p{L}\\p{N}])p-([0-9a-z]{4})-([0-9a-z]{4})-([0-9a-z]{4})(?![\\p{L}\\p{N}])");

    private SearchWords() {}

    /** The distinct words of these texts, in lower case. */
    public static List<String> of(@Nullable String... texts) {
        return Arrays.stream(texts)
                .filter(Objects::nonNull)
                .map(text -> REFERENCE.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("p$1$2$3"))
                .flatMap(BETWEEN::splitAsStream)
                .filter(word -> !word.isEmpty())
                .distinct()
                .toList();
    }
}
