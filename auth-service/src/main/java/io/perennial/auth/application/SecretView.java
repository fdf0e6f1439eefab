package io.perennial.auth.application;

import java.time.Instant;

/** A client secret as people see it: that it is there, and until when. */
public record SecretView(int version, Instant addedAt, String addedBy, Instant expiresAt) {
    static SecretView of(AppSecret secret) {
        return new SecretView(secret.version, secret.addedAt, secret.addedBy, secret.expiresAt);
    }
}
