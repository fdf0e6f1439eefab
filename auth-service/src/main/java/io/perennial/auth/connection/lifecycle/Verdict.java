package io.perennial.auth.connection.lifecycle;

import java.util.UUID;

/**
 * What the provider said about a grant.
 *
 * @param generation the grant it speaks of; void once a later one was promoted
 * @param alive whether it works
 */
public record Verdict(UUID connectionId, int generation, boolean alive) {}
