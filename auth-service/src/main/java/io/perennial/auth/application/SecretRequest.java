package io.perennial.auth.application;

import io.perennial.auth.request.Fields;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /api/apps/{id}/secrets}.
 *
 * @param expiresAt when the provider ends it; absent: its rule from now on
 * @param formerExpiresAt when the provider ends the one before it; absent: its rule from now on
 */
public record SecretRequest(
        @Nullable String clientSecret, @Nullable Instant expiresAt, @Nullable Instant formerExpiresAt) {
    /** Amazon's tokens and secrets are at most 2,048 bytes. */
    static final int MAX_SECRET = 2_048;

    /** The secret stays out of every print. */
    @Override
    public String toString() {
        return "SecretRequest[hidden]";
    }

    void check(Instant now) {
        Fields fields = new Fields();
        fields.required("clientSecret", clientSecret);
        fields.optionalLine("clientSecret", clientSecret, MAX_SECRET);
        if (expiresAt != null && !expiresAt.isAfter(now)) {
            fields.reject("expiresAt", "must be in the future");
        }
        fields.verify();
    }

    /** All of it, for the hash that recognises a repeated request. */
    String fingerprint() {
        return clientSecret + "\n" + expiresAt + "\n" + formerExpiresAt;
    }
}
