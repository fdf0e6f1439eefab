package io.perennial.testsupport;

import java.util.Locale;

/** Where the database and the broker of this JVM come from, by {@code -Dperennial.infra}. */
enum Infrastructure {
    EMBEDDED,
    CONTAINERS;

    static Infrastructure chosen() {
        String name = System.getProperty("perennial.infra", "embedded");
        try {
            return valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(
                    "perennial.infra is '" + name + "'; it may be 'embedded' or 'containers'", e);
        }
    }
}
