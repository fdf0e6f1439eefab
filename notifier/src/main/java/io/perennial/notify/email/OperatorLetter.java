package io.perennial.notify.email;

import java.time.Instant;
import java.util.UUID;

/**
 * A plain mail from the installation to somebody who operates it.
 *
 * @param id stands in the Message-ID, the same for every attempt
 */
public record OperatorLetter(UUID id, String recipient, String subject, String text, Instant now) {
    /** Never the address: it must not reach a log. */
    @Override
    public String toString() {
        return "OperatorLetter[" + id + "]";
    }
}
