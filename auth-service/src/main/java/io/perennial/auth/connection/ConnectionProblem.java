package io.perennial.auth.connection;

import io.perennial.contracts.ConnectionStatus;
import io.perennial.problem.ProblemType;

/** Why a connection gives no access token. */
public enum ConnectionProblem implements ProblemType {
    CONNECTION_PENDING(409, "The merchant has not consented yet.", false),
    CONNECTION_SUSPECT(409, "The provider refused the grant; a second look decides.", true),
    CONNECTION_EXPIRED(409, "The grant has ended and waits for a renewal.", false),
    CONNECTION_REVOKED(409, "The grant was revoked and waits for a renewal.", false),
    CONNECTION_DISCONNECTED(409, "The connection was given up.", false),
    APP_SUSPENDED(503, "Use of the application's tokens is suspended by an operator.", true),
    PROVIDER_UNAVAILABLE(503, "The provider does not answer as it should.", true);

    private final int status;
    private final String title;
    private final boolean retryable;

    ConnectionProblem(int status, String title, boolean retryable) {
        this.status = status;
        this.title = title;
        this.retryable = retryable;
    }

    /** The problem of a connection in a state without access. */
    public static ConnectionProblem of(ConnectionStatus state) {
        return switch (state) {
            case PENDING -> CONNECTION_PENDING;
            case SUSPECT -> CONNECTION_SUSPECT;
            case EXPIRED -> CONNECTION_EXPIRED;
            case REVOKED -> CONNECTION_REVOKED;
            case DISCONNECTED -> CONNECTION_DISCONNECTED;
            case ACTIVE, OVERDUE -> throw new IllegalArgumentException(state + " has access");
        };
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public boolean retryable() {
        return retryable;
    }
}
