package io.perennial.console.platform;

import io.perennial.console.words.Moments;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An application at the provider.
 *
 * @param returnUrl where the provider sends merchants back to; must be registered there
 * @param secretEnds day on which its newest client secret ends; null if auth-service does not tell
 * @param suspendedSince null while it is in use
 */
record ApplicationLine(
        String id,
        String name,
        String provider,
        String returnUrl,
        @Nullable String secretEnds,
        @Nullable String suspendedSince) {

    static ApplicationLine of(JsonObject app, Map<String, Instant> secretEnds) {
        String id = app.getString("id", "");
        Instant end = secretEnds.get(id);
        String suspended = app.getString("suspendedAt");
        return new ApplicationLine(
                id,
                app.getString("name", ""),
                app.getString("provider", ""),
                app.getString("redirectUri", ""),
                end == null ? null : Moments.day(end),
                suspended == null ? null : Moments.minute(Instant.parse(suspended)));
    }
}
