package io.perennial.auth.authorization;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a callback, each at most once. A doubled or unreadable one makes the whole request invalid: two
 * readers could take different values (CVE-2026-9689).
 */
final class CallbackParameters {
    /** Amazon's codes and tokens have at most 2,048 bytes. */
    private static final int MAX_VALUE = 4_096;

    private static final int MAX_PARAMETERS = 20;

    private final Map<String, String> values;

    private CallbackParameters(Map<String, String> values) {
        this.values = values;
    }

    /** Null if the query is not one that a provider sends. */
    static @Nullable CallbackParameters read(@Nullable String query) {
        Map<String, String> values = new HashMap<>();
        if (query == null || query.isEmpty()) {
            return new CallbackParameters(values);
        }
        String[] pairs = query.split("&", -1);
        if (pairs.length > MAX_PARAMETERS) {
            return null;
        }
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = decode(equals < 0 ? "" : pair.substring(equals + 1));
            if (name == null || value == null || value.length() > MAX_VALUE || values.put(name, value) != null) {
                return null;
            }
        }
        return new CallbackParameters(values);
    }

    /** The value, or an empty text. */
    String get(String name) {
        return values.getOrDefault(name, "");
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    private static @Nullable String decode(String text) {
        try {
            String decoded = URLDecoder.decode(text, StandardCharsets.UTF_8);
            return decoded.indexOf('\0') >= 0 || decoded.indexOf('\ufffd') >= 0 ? null : decoded;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
