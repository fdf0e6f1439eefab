package io.perennial.notify.email;

import org.jspecify.annotations.Nullable;

/** What a mail can not be written without. */
final class Given {
    private Given() {}

    /** The value; fails with {@link UnwritableMailException} when there is none. */
    static <T> T of(String field, @Nullable T value) {
        if (value == null) {
            throw new UnwritableMailException(field);
        }
        return value;
    }
}
