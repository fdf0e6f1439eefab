package io.perennial.service;

import io.perennial.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where the next page of a list begins: opaque to callers, and worth nothing beyond the tenants they may see. */
public final class PageCursor {
    private static final String SEPARATOR = "\n";
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 200;

    private PageCursor() {}

    /** Packs the sort key of the last row of a page. */
    public static String encode(Object... sortKey) {
        StringJoiner text = new StringJoiner(SEPARATOR);
        for (Object part : sortKey) {
            text.add(String.valueOf(part));
        }
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Unpacks a cursor.
     *
     * @param parts how many parts the sort key has
     * @return null when the caller sent none
     */
    public static @Nullable List<String> decode(@Nullable String cursor, int parts) {
        if (cursor == null || cursor.isEmpty()) {
            return null;
        }
        try {
            String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            List<String> sortKey = List.of(text.split(SEPARATOR, -1));
            if (sortKey.size() == parts) {
                return sortKey;
            }
        } catch (IllegalArgumentException e) {
            throw refused();
        }
        throw refused();
    }

    /**
     * Unpacks a cursor of one part.
     *
     * @param read fails with {@link IllegalArgumentException} for what is none
     * @return null when the caller sent none
     */
    public static <T> @Nullable T decode(@Nullable String cursor, Function<String, T> read) {
        List<String> sortKey = decode(cursor, 1);
        try {
            return sortKey == null ? null : read.apply(sortKey.get(0));
        } catch (IllegalArgumentException e) {
            throw refused();
        }
    }

    /** What to answer for a cursor whose parts can not be read. */
    public static ProblemException refused() {
        return ProblemException.invalidField("cursor", "must be the one of the page before");
    }

    /** The page size that was asked for, 1 to 200; 50 when the caller did not say. */
    public static int limit(@Nullable Integer asked) {
        if (asked == null) {
            return DEFAULT_LIMIT;
        }
        if (asked < 1 || asked > MAX_LIMIT) {
            throw ProblemException.invalidField("limit", "must be between 1 and " + MAX_LIMIT);
        }
        return asked;
    }
}
