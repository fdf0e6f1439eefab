package io.perennial.console.view;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Part of a list.
 *
 * @param next where the next part begins; null at the end
 */
public record Slice<T>(List<T> items, @Nullable String next) {

    /** Cuts what was read, one more than wanted, to the wanted size. */
    static <T> Slice<T> cut(List<T> read, int wanted, Function<T, String> cursor) {
        return read.size() <= wanted
                ? new Slice<>(read, null)
                : new Slice<>(List.copyOf(read.subList(0, wanted)), cursor.apply(read.get(wanted - 1)));
    }
}
