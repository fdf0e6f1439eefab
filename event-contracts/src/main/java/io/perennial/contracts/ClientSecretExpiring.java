package io.perennial.contracts;

import java.time.Instant;

/**
 * The newest client secret of an application ends soon; after it every call to the provider fails.
 *
 * @param version number of the secret among the application's
 * @param stage days before the end at which this is told: 90, 30, 14, 7 or 1
 */
public record ClientSecretExpiring(AppRef about, int version, int stage, int daysLeft, Instant expiresAt)
        implements PlatformEvent {}
