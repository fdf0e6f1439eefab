package io.perennial.auth.connection;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A connection after a change.
 *
 * @param advice what the change does not do, where one would expect more of it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ChangedConnection(@JsonUnwrapped ConnectionView connection, @Nullable String advice) {

    static ChangedConnection of(ConnectionView changed, @Nullable Instant correctedEnd) {
        return new ChangedConnection(
                changed, correctedEnd != null && changed.updatedAt().isBefore(correctedEnd) ? advice(changed) : null);
    }

    /** An end that is corrected is no happening of the table of states; what Amazon says to a probe is. */
    private static @Nullable String advice(ConnectionView changed) {
        return switch (changed.state()) {
            case OVERDUE ->
                "The connection is OVERDUE until the next probe, which is due now, finds that it works; then it is ACTIVE again."
                        + " Reminders follow the new end.";
            case EXPIRED, REVOKED ->
                "The connection stays " + changed.state()
                        + " until it is renewed, or until a probe finds that it works again;"
                        + " its end is then estimated anew.";
            default -> null;
        };
    }
}
