package io.perennial.auth.connection;

import io.perennial.auth.audit.AuditKind;
import io.perennial.auth.persistence.Transactions;
import io.perennial.clock.DomainClock;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.problem.ProblemException;
import io.perennial.problem.StandardProblem;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;

/** What the choice of advertising profiles means for a connection. */
@ApplicationScoped
public class ConnectionProfiles {
    private final Transactions transactions;
    private final Announcements announcements;
    private final ConnectionMoves moves;
    private final DomainClock clock;

    ConnectionProfiles(
            Transactions transactions, Announcements announcements, ConnectionMoves moves, DomainClock clock) {
        this.transactions = transactions;
        this.announcements = announcements;
        this.moves = moves;
        this.clock = clock;
    }

    /** Notes how many profiles are chosen, stores which and tells of it, under the lock of the connection's row. */
    public Uni<Void> choose(
            UUID id, int generation, List<String> chosen, String actor, Function<Mutiny.Session, Uni<Void>> store) {
        return transactions.in(session -> ConnectionMoves.lock(session, id).chain(connection -> {
            if (connection.state == ConnectionStatus.DISCONNECTED) {
                throw new ProblemException(StandardProblem.CONFLICT, "The connection was given up.");
            }
            if (connection.generation != generation) {
                throw new ProblemException(
                        StandardProblem.CONFLICT, "The connection was renewed meanwhile. Look at its profiles again.");
            }
            Instant now = clock.instant();
            connection.chosenProfiles = chosen.size();
            connection.updatedAt = now;
            return store.apply(session)
                    .chain(() -> announcements.publish(session, connection, connection.changed(now, chosen)))
                    .chain(() -> moves.log(session, AuditKind.PROFILES_CHOSEN, connection, actor, now));
        }));
    }
}
