package io.perennial.auth.connection.lifecycle;

import java.util.UUID;

/**
 * What the provider said about a grant.
 *
 * @param generation the grant it speaks of; void once a later one was promoted
 * @param alive whether it works
 * @param keepsAppointment whether the next probe stays where it is although this was one: something is still to be looked
 *     at that nothing but a probe looks at
 */
public record Verdict(UUID connectionId, int generation, boolean alive, boolean keepsAppointment) {
    public Verdict(UUID connectionId, int generation, boolean alive) {
        this(connectionId, generation, alive, false);
    }
}
