package io.perennial.contracts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stage before the end is reached. Stage 0 is the end itself.
 *
 * @param endsAtSource how sure the end is; absent from writers before 0.2
 */
public record TokenExpiring(
        ConnectionRef about, int stage, int daysLeft, Instant endsAt, @Nullable EndsAtSource endsAtSource)
        implements ConnectionEvent {

    /** Of an end of which nobody said how sure it is. */
    public TokenExpiring(ConnectionRef about, int stage, int daysLeft, Instant endsAt) {
        this(about, stage, daysLeft, endsAt, null);
    }
}
