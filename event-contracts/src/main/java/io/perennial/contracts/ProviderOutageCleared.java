package io.perennial.contracts;

import java.time.Instant;

/** The provider is asked again. */
public record ProviderOutageCleared(AppRef about, Region region, OutageReason reason, Instant since)
        implements PlatformEvent {}
