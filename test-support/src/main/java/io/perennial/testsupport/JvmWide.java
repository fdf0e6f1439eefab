package io.perennial.testsupport;

import java.util.function.Supplier;

/**
 * Values of which a JVM has one, whatever the number of class loaders that load this class (Quarkus tests have several).
 * A start that failed stays failed: the second test class gets the same message at once instead of waiting again.
 */
final class JvmWide {

    private static final String PREFIX = "perennial.test.";
    private static final String FAILED = ".failed";

    private JvmWide() {}

    static String value(String key, Supplier<String> first) {
        // an interned string is the same object for every class loader
        String property = (PREFIX + key).intern();
        synchronized (property) {
            String failure = System.getProperty(property + FAILED);
            if (failure != null) {
                throw new IllegalStateException(failure);
            }
            String known = System.getProperty(property);
            if (known != null) {
                return known;
            }
            try {
                String made = first.get();
                System.setProperty(property, made);
                return made;
            } catch (RuntimeException e) {
                System.setProperty(property + FAILED, String.valueOf(e.getMessage()));
                throw e;
            }
        }
    }
}
