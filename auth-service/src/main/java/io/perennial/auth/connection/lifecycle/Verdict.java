package io.perennial.auth.connection.lifecycle;

import java.util.UUID;

/**
 * What the provider said about a grant.
 *
 * @param generation the grant it speaks of; void once a later one was promoted
 * @param alive whether it works
 * @param providerWell whether nothing points to a fault of the provider or of the platform: only then can a second
 *     refusal be final
 */
public record Verdict(UUID connectionId, int generation, boolean alive, boolean providerWell) {}
