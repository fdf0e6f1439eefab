package io.perennial.console.platform;

import io.perennial.console.words.Moments;
import io.perennial.console.words.Tone;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** One line of the banner. */
record PlatformLine(Tone tone, String title, String detail) {

    static PlatformLine outage(JsonObject outage) {
        return new PlatformLine(
                Tone.BAD,
                because(outage.getString("reason", "")),
                outage.getString("appName", "") + " in " + outage.getString("region", "") + ", since "
                        + Moments.minute(Instant.parse(outage.getString("since")))
                        + ". Nothing is asked of Amazon meanwhile; no connection changes and no merchant is mailed.");
    }

    static PlatformLine endingSecret(JsonObject secret) {
        return new PlatformLine(
                Tone.SOON,
                "A client secret ends on " + Moments.day(Instant.parse(secret.getString("expiresAt"))),
                secret.getString("appName", "")
                        + ": rotate it in the Solution Provider Portal and add the new one. Without it every call fails.");
    }

    private static String because(String reason) {
        return switch (reason) {
            case "CLIENT_REFUSED" -> "Amazon refuses the client secret";
            case "THROTTLED" -> "Amazon throttles every token request";
            case "MASS_REFUSAL" -> "Amazon refuses many authorizations at once";
            default -> "Amazon does not answer token requests as it should";
        };
    }
}
