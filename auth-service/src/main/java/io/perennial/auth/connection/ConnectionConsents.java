package io.perennial.auth.connection;

import io.perennial.auth.audit.AuditKind;
import io.perennial.auth.audit.AuditTrail;
import io.perennial.auth.connection.lifecycle.ConnectionLifecycle;
import io.perennial.auth.connection.lifecycle.ConnectionLifecycle.Happening;
import io.perennial.auth.connection.lifecycle.ConnectionLifecycle.Moves;
import io.perennial.auth.connection.lifecycle.Consent;
import io.perennial.auth.connection.lifecycle.PromotionOutcome;
import io.perennial.clock.DomainClock;
import io.perennial.contracts.AuthorizationAbandoned;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.DuplicateRejected;
import io.perennial.contracts.EndsAtSource;
import io.perennial.contracts.WrongAccountRejected;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * What consents do to connections: accepted, refused or never given. All of it happens in the caller's transaction, under
 * the lock of the connection's row.
 */
@ApplicationScoped
public class ConnectionConsents {
    private final ConnectionMoves moves;
    private final Announcements announcements;
    private final AuditTrail audit;
    private final DomainClock clock;

    ConnectionConsents(ConnectionMoves moves, Announcements announcements, AuditTrail audit, DomainClock clock) {
        this.moves = moves;
        this.announcements = announcements;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * Makes a consent's grant the current one, in the session's transaction. The caller has locked nothing of this
     * connection before.
     */
    public Uni<PromotionOutcome> promote(Mutiny.Session session, UUID id, Consent consent) {
        return ConnectionMoves.lock(session, id).chain(connection -> {
            if (!(ConnectionLifecycle.decide(connection.state, Happening.CONSENT_PROMOTED) instanceof Moves next)) {
                return Uni.createFrom().item(PromotionOutcome.REFUSED);
            }
            if (connection.generation + 1 != consent.generation()) {
                return Uni.createFrom().item(PromotionOutcome.SUPERSEDED);
            }
            Instant previousEnd = connection.endsAt;
            connection.generation = consent.generation();
            connection.accountId = consent.accountId();
            connection.accountName = consent.accountName();
            connection.accountMarketplaces = consent.marketplaces().toArray(String[]::new);
            connection.renewedAt = consent.grantedAt();
            if (connection.authorizedAt == null) {
                connection.authorizedAt = consent.grantedAt();
            }
            connection.accountVerified = consent.accountVerified();
            connection.endsAt =
                    consent.life() == null ? null : consent.grantedAt().plus(consent.life());
            connection.endsAtSource = consent.life() == null ? null : EndsAtSource.RULE;
            connection.lastProbeAt = clock.instant();
            connection.lastProbeResult = ConnectionVerdicts.ALIVE;
            return moves.move(session, connection, next, "merchant", clock.instant(), previousEnd)
                    .replaceWith(PromotionOutcome.PROMOTED);
        });
    }

    /** Announces that a consent came from another account; the connection stays as it is. */
    public Uni<Void> rejectWrongAccount(Mutiny.Session session, UUID id, String offered, String evidence) {
        return ConnectionMoves.lock(session, id).chain(connection -> {
            Instant now = clock.instant();
            String expected = connection.accountId != null ? connection.accountId : connection.expectedAccountId;
            return announcements
                    .publish(
                            session,
                            connection,
                            new WrongAccountRejected(connection.ref(now), expected, offered, evidence))
                    .chain(() -> audit.add(
                            session,
                            ConnectionMoves.about(AuditKind.WRONG_ACCOUNT_REJECTED, connection, "merchant", now)
                                    .because(evidence)));
        });
    }

    /** Announces that a consent came from an account that another connection holds; both stay as they are. */
    public Uni<Void> rejectDuplicate(Mutiny.Session session, UUID id, String account, UUID holder) {
        return ConnectionMoves.lock(session, id).chain(connection -> {
            Instant now = clock.instant();
            return announcements
                    .publish(session, connection, new DuplicateRejected(connection.ref(now), account, holder))
                    .chain(() -> moves.log(session, AuditKind.DUPLICATE_REJECTED, connection, "merchant", now));
        });
    }

    /** Announces that an attempt got no answer, unless a consent came another way meanwhile. */
    public Uni<Void> announceAbandoned(Mutiny.Session session, UUID id, int generation, Instant startedAt) {
        return ConnectionMoves.lock(session, id).chain(connection -> {
            if (connection.generation != generation || connection.state == ConnectionStatus.DISCONNECTED) {
                return Uni.createFrom().voidItem();
            }
            Instant now = clock.instant();
            return announcements
                    .publish(session, connection, new AuthorizationAbandoned(connection.ref(now), startedAt))
                    .chain(() -> moves.log(session, AuditKind.AUTHORIZATION_ABANDONED, connection, "provider", now));
        });
    }
}
