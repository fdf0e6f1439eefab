package io.perennial.auth.connection;

import io.perennial.auth.audit.AuditKind;
import io.perennial.auth.audit.AuditLine;
import io.perennial.auth.audit.AuditTrail;
import io.perennial.auth.connection.lifecycle.ConnectionLifecycle.Announcement;
import io.perennial.auth.connection.lifecycle.ConnectionLifecycle.Moves;
import io.perennial.auth.connection.lifecycle.GrantLife;
import io.perennial.auth.connection.lifecycle.ProbePolicy;
import io.perennial.auth.connection.lifecycle.ProbingConfig;
import io.perennial.contracts.ConnectionAuthorized;
import io.perennial.contracts.ConnectionDisconnected;
import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.EndsAtSource;
import io.perennial.contracts.Event;
import io.perennial.contracts.TokenExpired;
import io.perennial.contracts.TokenReinstated;
import io.perennial.contracts.TokenRenewed;
import io.perennial.contracts.TokenRevoked;
import io.perennial.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Moves a locked connection to another state: with its event, the published state and a line of audit.
 */
@ApplicationScoped
class ConnectionMoves {
    private final Announcements announcements;
    private final AuditTrail audit;
    private final ProbingConfig probing;

    ConnectionMoves(Announcements announcements, AuditTrail audit, ProbingConfig probing) {
        this.announcements = announcements;
        this.audit = audit;
        this.probing = probing;
    }

    Uni<Void> move(Mutiny.Session session, Connection connection, Moves moves, String actor, Instant now) {
        return move(session, connection, moves, actor, now, null);
    }

    Uni<Void> move(
            Mutiny.Session session,
            Connection connection,
            Moves moves,
            String actor,
            Instant now,
            @Nullable Instant previousEnd) {
        ConnectionStatus from = connection.state;
        Instant suspectSince = connection.suspectSince;
        connection.state = moves.to();
        connection.updatedAt = now;
        if (moves.announcement() == Announcement.REINSTATED && connection.endsAt != null) {
            // The provider does not say when it was reinstated: it was dead at the last refusal, so it ends no earlier.
            Instant lastDead = connection.lastRefusedAt == null ? now : connection.lastRefusedAt;
            connection.endsAt = GrantLife.yearAfter(lastDead);
            connection.endsAtSource = EndsAtSource.ESTIMATE;
        }
        if (moves.to() != ConnectionStatus.SUSPECT) {
            connection.suspectSince = null;
        }
        connection.nextProbeAt = ProbePolicy.next(probing, connection.state, connection.id, now);
        Event event = event(connection, moves.announcement(), now, previousEnd, suspectSince);
        return announcements
                .publishChange(session, connection, event, now)
                .chain(() -> audit.add(
                        session,
                        about(AuditKind.STATE_CHANGED, connection, actor, now)
                                .moving(from.name(), moves.to().name())));
    }

    private static @Nullable Event event(
            Connection connection,
            Announcement announcement,
            Instant now,
            @Nullable Instant previousEnd,
            @Nullable Instant suspectSince) {
        ConnectionRef ref = connection.ref(now);
        return switch (announcement) {
            case STATE_ONLY -> null;
            case AUTHORIZED ->
                new ConnectionAuthorized(
                        ref,
                        connection.accountId,
                        connection.accountName,
                        List.of(connection.accountMarketplaces),
                        connection.renewedAt,
                        connection.endsAt,
                        connection.endsAtSource);
            case RENEWED ->
                new TokenRenewed(
                        ref,
                        connection.accountId,
                        connection.accountName,
                        List.of(connection.accountMarketplaces),
                        connection.renewedAt,
                        connection.endsAt,
                        connection.endsAtSource,
                        previousEnd);
            case EXPIRED_AT_END -> new TokenExpired(ref, connection.endsAt);
            case REVOKED_BEFORE_END ->
                new TokenRevoked(ref, suspectSince == null ? now : suspectSince, connection.endsAt);
            case REINSTATED -> new TokenReinstated(ref, connection.endsAt, connection.endsAtSource);
            case DISCONNECTED_FOR_GOOD -> new ConnectionDisconnected(ref);
        };
    }

    /** Locks a connection's row for the rest of the session's transaction. */
    static Uni<Connection> lock(Mutiny.Session session, UUID id) {
        return session.find(Connection.class, id, LockModeType.PESSIMISTIC_WRITE)
                .onItem()
                .ifNull()
                .failWith(ProblemException::notFound);
    }

    Uni<Void> log(Mutiny.Session session, AuditKind kind, Connection connection, String actor, Instant now) {
        return audit.add(session, about(kind, connection, actor, now));
    }

    Uni<Void> logCorrection(
            Mutiny.Session session, Connection connection, @Nullable Instant former, String actor, Instant now) {
        String both = (former == null ? "no end" : former) + " -> " + connection.endsAt;
        return audit.add(
                session, about(AuditKind.END_CORRECTED, connection, actor, now).because(both));
    }

    static AuditLine about(AuditKind kind, Connection connection, String actor, Instant now) {
        return AuditLine.about(kind, connection.tenantId, connection.id, connection.generation, actor, now);
    }
}
