package io.perennial.notify.email;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A mail about a made-up connection that an operator sends to himself.
 *
 * @param name which one
 */
public record SampleLetter(UUID id, String name, @Nullable String locale, String recipient, Instant now) {
    /** Never the address: it must not reach a log. */
    @Override
    public String toString() {
        return "SampleLetter[" + name + "]";
    }
}
