package io.perennial.auth.connection.lifecycle;

import static io.perennial.auth.connection.lifecycle.ConnectionLifecycle.Announcement.AUTHORIZED;
import static io.perennial.auth.connection.lifecycle.ConnectionLifecycle.Announcement.DISCONNECTED_FOR_GOOD;
import static io.perennial.auth.connection.lifecycle.ConnectionLifecycle.Announcement.EXPIRED_AT_END;
import static io.perennial.auth.connection.lifecycle.ConnectionLifecycle.Announcement.REINSTATED;
import static io.perennial.auth.connection.lifecycle.ConnectionLifecycle.Announcement.RENEWED;
import static io.perennial.auth.connection.lifecycle.ConnectionLifecycle.Announcement.REVOKED_BEFORE_END;
import static io.perennial.auth.connection.lifecycle.ConnectionLifecycle.Announcement.STATE_ONLY;
import static io.perennial.auth.connection.lifecycle.ConnectionLifecycle.Happening.CONSENT_PROMOTED;
import static io.perennial.auth.connection.lifecycle.ConnectionLifecycle.Happening.DISCONNECT;
import static io.perennial.auth.connection.lifecycle.ConnectionLifecycle.Happening.END_REACHED_ALIVE;
import static io.perennial.auth.connection.lifecycle.ConnectionLifecycle.Happening.END_REACHED_REFUSED;
import static io.perennial.auth.connection.lifecycle.ConnectionLifecycle.Happening.GRANT_REFUSED;
import static io.perennial.auth.connection.lifecycle.ConnectionLifecycle.Happening.GRANT_REFUSED_AGAIN;
import static io.perennial.auth.connection.lifecycle.ConnectionLifecycle.Happening.PROBE_SUCCEEDED;
import static io.perennial.contracts.ConnectionStatus.ACTIVE;
import static io.perennial.contracts.ConnectionStatus.DISCONNECTED;
import static io.perennial.contracts.ConnectionStatus.EXPIRED;
import static io.perennial.contracts.ConnectionStatus.OVERDUE;
import static io.perennial.contracts.ConnectionStatus.PENDING;
import static io.perennial.contracts.ConnectionStatus.REVOKED;
import static io.perennial.contracts.ConnectionStatus.SUSPECT;

import io.perennial.contracts.ConnectionStatus;
import java.util.EnumMap;
import java.util.Map;

/**
 * The states of a connection and every way between them. Nothing else changes a state.
 *
 * <p>What stands in no row of the table leaves the state as it is.
 */
public final class ConnectionLifecycle {
    /** What happens to a connection. */
    public enum Happening {
        /** A consent passed guard and probe. */
        CONSENT_PROMOTED,
        /** A look at or after the end of the calendar: the grant still works. */
        END_REACHED_ALIVE,
        /** A look at or after the end of the calendar: the provider refuses the grant. */
        END_REACHED_REFUSED,
        /** The provider refuses the grant before its end. */
        GRANT_REFUSED,
        /** It still does, long enough after the first time, and the provider itself is well. */
        GRANT_REFUSED_AGAIN,
        /** The grant works, and its end lies ahead or is not known. */
        PROBE_SUCCEEDED,
        /** The integrator gives the connection up. */
        DISCONNECT
    }

    /** What a move tells the world besides the new state. */
    public enum Announcement {
        STATE_ONLY,
        AUTHORIZED,
        RENEWED,
        EXPIRED_AT_END,
        REVOKED_BEFORE_END,
        REINSTATED,
        DISCONNECTED_FOR_GOOD
    }

    /** What follows from a happening. */
    public sealed interface Decision {}

    /** The state changes (or begins anew) and is announced. */
    public record Moves(ConnectionStatus to, Announcement announcement) implements Decision {}

    /** Nothing changes. */
    public record Stays() implements Decision {}

    /** Must not happen in this state. */
    public record Refused() implements Decision {}

    private static final Stays STAYS = new Stays();
    private static final Map<ConnectionStatus, Map<Happening, Decision>> TABLE = new EnumMap<>(ConnectionStatus.class);

    static {
        on(PENDING, CONSENT_PROMOTED, ACTIVE, AUTHORIZED);

        on(ACTIVE, CONSENT_PROMOTED, ACTIVE, RENEWED);
        on(ACTIVE, END_REACHED_ALIVE, OVERDUE, STATE_ONLY);
        on(ACTIVE, END_REACHED_REFUSED, EXPIRED, EXPIRED_AT_END);
        on(ACTIVE, GRANT_REFUSED, SUSPECT, STATE_ONLY);

        on(SUSPECT, CONSENT_PROMOTED, ACTIVE, RENEWED);
        on(SUSPECT, END_REACHED_ALIVE, OVERDUE, STATE_ONLY);
        on(SUSPECT, END_REACHED_REFUSED, EXPIRED, EXPIRED_AT_END);
        on(SUSPECT, GRANT_REFUSED_AGAIN, REVOKED, REVOKED_BEFORE_END);
        on(SUSPECT, PROBE_SUCCEEDED, ACTIVE, STATE_ONLY);

        on(OVERDUE, CONSENT_PROMOTED, ACTIVE, RENEWED);
        on(OVERDUE, END_REACHED_REFUSED, EXPIRED, EXPIRED_AT_END);
        on(OVERDUE, GRANT_REFUSED, EXPIRED, EXPIRED_AT_END);
        on(OVERDUE, GRANT_REFUSED_AGAIN, EXPIRED, EXPIRED_AT_END);
        // Only where its end was corrected: else a grant that works past its end is found so at its end.
        on(OVERDUE, PROBE_SUCCEEDED, ACTIVE, STATE_ONLY);

        for (ConnectionStatus dead : new ConnectionStatus[] {EXPIRED, REVOKED}) {
            on(dead, CONSENT_PROMOTED, ACTIVE, RENEWED);
            on(dead, PROBE_SUCCEEDED, ACTIVE, REINSTATED);
            on(dead, END_REACHED_ALIVE, ACTIVE, REINSTATED);
        }

        for (ConnectionStatus connected : ConnectionStatus.values()) {
            if (connected != DISCONNECTED) {
                on(connected, DISCONNECT, DISCONNECTED, DISCONNECTED_FOR_GOOD);
            }
        }
        row(DISCONNECTED).put(CONSENT_PROMOTED, new Refused());
    }

    private ConnectionLifecycle() {}

    /** What follows when {@code happening} meets a connection in {@code from}. */
    public static Decision decide(ConnectionStatus from, Happening happening) {
        return row(from).getOrDefault(happening, STAYS);
    }

    /** What a verdict of the provider means. */
    public static Happening meaning(boolean alive, boolean endReached, boolean confirmed) {
        if (alive) {
            return endReached ? END_REACHED_ALIVE : PROBE_SUCCEEDED;
        }
        if (endReached) {
            return END_REACHED_REFUSED;
        }
        return confirmed ? GRANT_REFUSED_AGAIN : GRANT_REFUSED;
    }

    private static void on(ConnectionStatus from, Happening happening, ConnectionStatus to, Announcement announcement) {
        row(from).put(happening, new Moves(to, announcement));
    }

    private static Map<Happening, Decision> row(ConnectionStatus from) {
        return TABLE.computeIfAbsent(from, state -> new EnumMap<>(Happening.class));
    }
}
