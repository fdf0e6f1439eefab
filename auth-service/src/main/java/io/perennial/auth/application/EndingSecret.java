package io.perennial.auth.application;

import java.time.Instant;
import java.util.UUID;

/** The newest secret of an application, which ends soon. */
public record EndingSecret(UUID appId, String appName, int version, Instant expiresAt) {}
