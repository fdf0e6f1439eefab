package io.perennial.fetch.backfill;

import io.perennial.fetch.orders.ProviderAnswer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where in its query a fetch stands.
 *
 * @param pageToken of the next page; of a report the last order that is stored; null at the beginning
 * @param answeredTo up to where Amazon said it answers, by the first page
 * @param seen hashes of all page tokens of this query
 * @param emptyPages empty pages in a row
 */
record PagePosition(@Nullable String pageToken, @Nullable Instant answeredTo, List<Long> seen, int emptyPages) {
    static final PagePosition BEGINNING = new PagePosition(null, null, List.of(), 0);

    /** What a page means for the way on. */
    enum Way {
        ON,
        END,
        LOOP,
        ONLY_EMPTY,
        TOO_LONG
    }

    /** After a page. */
    PagePosition after(ProviderAnswer.Page page) {
        String token = page.nextToken();
        List<Long> tokens = new ArrayList<>(seen);
        if (token != null) {
            tokens.add(hash(token));
        }
        boolean empty = page.orders().isEmpty() && page.setAside().isEmpty();
        return new PagePosition(
                token,
                answeredTo == null ? page.answeredTo() : answeredTo,
                List.copyOf(tokens),
                empty ? emptyPages + 1 : 0);
    }

    /** After orders of a report, up to that one by id; null if there were none. */
    PagePosition upTo(@Nullable String orderId) {
        return new PagePosition(orderId == null ? pageToken : orderId, answeredTo, seen, emptyPages);
    }

    /** Whether and why not to go on after a page. A token that was seen before is a circle, however long. */
    Way way(ProviderAnswer.Page page, BackfillConfig limits) {
        String token = page.nextToken();
        if (token == null) {
            return Way.END;
        }
        if (seen.contains(hash(token))) {
            return Way.LOOP;
        }
        if (seen.size() >= limits.mostPages()) {
            return Way.TOO_LONG;
        }
        return after(page).emptyPages() > limits.mostEmptyPages() ? Way.ONLY_EMPTY : Way.ON;
    }

    private static long hash(String token) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
