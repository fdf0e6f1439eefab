package io.perennial.fetch.backfill;

import io.perennial.fetch.connectionview.ConnectionView;
import io.perennial.problem.ProblemType;

/** Why nothing can be fetched for a connection, or done with a fetch. */
enum FetchProblem implements ProblemType {
    NOT_OFFERED("There is nothing to fetch for this kind of connection."),
    CONNECTION_PENDING("The merchant has not authorized the connection yet."),
    CONNECTION_EXPIRED("The authorization has expired; after a renewal everything missed is fetched by itself."),
    CONNECTION_REVOKED("The authorization was revoked; after a renewal everything missed is fetched by itself."),
    CONNECTION_DISCONNECTED("The connection was given up."),
    FETCH_ENDED("The fetch has come to its end."),
    FETCH_NOT_ENDED("Only a fetch that failed or was cancelled can be tried again."),
    SNAPSHOT_OF_TODAY("A snapshot of advertising profiles can only be taken of today: leave out from and to."),
    HISTORY_LOST("Amazon answers two years back and no further: what the fetch has not read can not be read any more.");

    private final String title;

    FetchProblem(String title) {
        this.title = title;
    }

    static FetchProblem of(ConnectionView view) {
        return view.offered() ? valueOf("CONNECTION_" + view.state()) : NOT_OFFERED;
    }

    @Override
    public int status() {
        return 409;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public boolean retryable() {
        return false;
    }
}
