package io.perennial.contracts;

/** Nothing is asked of the provider for this application and region for now, and nobody's state changes meanwhile. */
public record ProviderOutageDetected(AppRef about, Region region, OutageReason reason) implements PlatformEvent {}
