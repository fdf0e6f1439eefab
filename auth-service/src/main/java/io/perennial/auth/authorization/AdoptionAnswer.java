package io.perennial.auth.authorization;

import io.perennial.auth.connection.ConnectionView;
import io.perennial.auth.connection.Connections;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.problem.ProblemException;
import io.perennial.problem.StandardProblem;
import io.smallrye.mutiny.Uni;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * What an operator is told about tokens that he gave to a connection.
 *
 * @param outcome {@code connected}, or {@code checking}: Amazon could not say yet and is asked again
 */
public record AdoptionAnswer(UUID connectionId, String outcome, ConnectionStatus state, int generation) {
    /** As an answer; a problem if the tokens were refused. */
    static Uni<RestResponse<AdoptionAnswer>> of(Attempt attempt, Connections connections) {
        return switch (attempt.status()) {
            case COMPLETED -> connections.get(attempt.connectionId()).map(found -> answer(200, "connected", found));
            case CHECKING -> connections.get(attempt.connectionId()).map(found -> answer(202, "checking", found));
            case WRONG_ACCOUNT -> throw conflict("The consent came from another account than the connection's.");
            case DUPLICATE -> throw conflict("Another connection of the tenant holds this account.");
            case SUPERSEDED -> throw conflict("Another consent came meanwhile.");
            default -> throw conflict("Amazon refuses the token.");
        };
    }

    private static ProblemException conflict(String detail) {
        return new ProblemException(StandardProblem.CONFLICT, detail);
    }

    private static RestResponse<AdoptionAnswer> answer(int status, String outcome, ConnectionView connection) {
        return RestResponse.ResponseBuilder.create(
                        RestResponse.Status.fromStatusCode(status),
                        new AdoptionAnswer(connection.id(), outcome, connection.state(), connection.generation()))
                .build();
    }
}
