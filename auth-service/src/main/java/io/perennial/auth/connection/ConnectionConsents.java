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
import io.perennial.contracts.AuthorizationFailed;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.ConsentHeld;
import io.perennial.contracts.DuplicateRejected;
import io.perennial.contracts.EndsAtSource;
import io.perennial.contracts.WrongAccountRejected;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * What consents do to connections: accepted, refused or never given. All of it happens in the caller's transaction, under
 * the lock of the connection's row.
 */
@ApplicationScoped
public class ConnectionConsents {
    private static final String MERCHANT = "merchant";

    private final ConnectionMoves moves;
    private final Announcements announcements;
    private final AuditTrail audit;
    private final AccountsConfig accounts;
    private final DomainClock clock;

    ConnectionConsents(
            ConnectionMoves moves,
            Announcements announcements,
            AuditTrail audit,
            AccountsConfig accounts,
            DomainClock clock) {
        this.moves = moves;
        this.announcements = announcements;
        this.audit = audit;
        this.accounts = accounts;
        this.clock = clock;
    }

    /**
     * Makes a consent's grant the current one, in the session's transaction. The caller has locked nothing of this
     * connection before.
     *
     * @param actor who let it pass: the merchant, or the operator who decided where the evidence did not
     */
    public Uni<PromotionOutcome> promote(Mutiny.Session session, UUID id, Consent consent, String actor) {
        return ConnectionMoves.lock(session, id).chain(connection -> heldByOtherTenant(session, connection, consent)
                .chain(held -> held
                        ? Uni.createFrom().item(PromotionOutcome.HELD_BY_OTHER_TENANT)
                        : promote(session, connection, consent, actor)));
    }

    private Uni<PromotionOutcome> promote(
            Mutiny.Session session, Connection connection, Consent consent, String actor) {
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
        connection.trustNextConsent = false;
        connection.consentReview = null;
        connection.renewedAt = consent.grantedAt();
        if (connection.authorizedAt == null) {
            connection.authorizedAt = consent.grantedAt();
        }
        connection.accountVerified = consent.accountVerified();
        connection.endsAt = consent.endsAt();
        connection.endsAtSource = consent.endsAt() == null ? null : EndsAtSource.RULE;
        connection.lastProbeAt = clock.instant();
        connection.lastProbeResult = ConnectionVerdicts.ALIVE;
        return moves.move(session, connection, next, actor, clock.instant(), previousEnd)
                .replaceWith(PromotionOutcome.PROMOTED);
    }

    /**
     * Asked under a lock on the account, so that of two tenants one is first. No index can do this: the rule is a
     * deployment's choice. Whoever holds the account already keeps it.
     */
    private Uni<Boolean> heldByOtherTenant(Mutiny.Session session, Connection connection, Consent consent) {
        if (accounts.acrossTenants() == AccountsConfig.AcrossTenants.ALLOW
                || consent.accountId().equals(connection.accountId)) {
            return Uni.createFrom().item(false);
        }
        String account =
                connection.provider + " " + connection.region + " " + connection.appId + " " + consent.accountId();
        return session.createNativeQuery("select 1 from pg_advisory_xact_lock(hashtextextended(?1, 0))", Integer.class)
                .setParameter(1, account)
                .getSingleResult()
                .chain(() -> session.createSelectionQuery(
                                "select count(c) from Connection c where c.provider = :provider and c.region = :region"
                                        + " and c.appId = :app and c.accountId = :account and c.tenantId <> :tenant"
                                        + " and c.state <> :gone",
                                Long.class)
                        .setParameter("provider", connection.provider)
                        .setParameter("region", connection.region)
                        .setParameter("app", connection.appId)
                        .setParameter("account", consent.accountId())
                        .setParameter("tenant", connection.tenantId)
                        .setParameter("gone", ConnectionStatus.DISCONNECTED)
                        .getSingleResult())
                .map(holders -> holders > 0);
    }

    /** Locks a connection for the rest of the session's transaction: first of all, if one of its grants is to change. */
    public Uni<Void> lock(Mutiny.Session session, UUID id) {
        return ConnectionMoves.lock(session, id).replaceWithVoid();
    }

    /** Notes that an operator's decision is not waited for any more. */
    public Uni<Void> endReview(Mutiny.Session session, UUID id, UUID review) {
        return ConnectionMoves.lock(session, id)
                .invoke(connection -> {
                    if (review.equals(connection.consentReview)) {
                        connection.consentReview = null;
                    }
                })
                .replaceWithVoid();
    }

    /**
     * A consent that waits for an operator.
     *
     * @param review what the decision is given for
     * @param generation what the connection had when the merchant set out
     */
    public record Held(UUID review, int generation, String account, @Nullable String accountName) {}

    /**
     * Leaves a consent to an operator; the connection stays as it is and says so. Not if another one was accepted or the
     * connection was given up meanwhile: then nobody has to decide any more.
     */
    public Uni<Void> hold(Mutiny.Session session, UUID id, Held held) {
        return ConnectionMoves.lock(session, id).chain(connection -> {
            if (connection.generation != held.generation() || connection.state == ConnectionStatus.DISCONNECTED) {
                return Uni.createFrom().voidItem();
            }
            Instant now = clock.instant();
            connection.consentReview = held.review();
            connection.updatedAt = now;
            ConsentHeld event = new ConsentHeld(
                    connection.ref(now), held.review(), expected(connection), held.account(), held.accountName());
            return announcements
                    .publish(session, connection, event)
                    .chain(() -> moves.log(session, AuditKind.CONSENT_HELD, connection, MERCHANT, now));
        });
    }

    /**
     * Announces that a consent came to nothing, unless another one was accepted meanwhile; the connection stays as it is.
     */
    public Uni<Void> announceFailed(Mutiny.Session session, UUID id, Failure failure) {
        return ConnectionMoves.lock(session, id).chain(connection -> {
            if (connection.generation != failure.generation() || connection.state == ConnectionStatus.DISCONNECTED) {
                return Uni.createFrom().voidItem();
            }
            Instant now = clock.instant();
            return announcements
                    .publish(session, connection, new AuthorizationFailed(connection.ref(now), failure.code()))
                    .chain(() -> audit.add(
                            session,
                            ConnectionMoves.about(AuditKind.AUTHORIZATION_FAILED, connection, failure.actor(), now)
                                    .because(failure.reason())));
        });
    }

    /**
     * A consent that came to nothing.
     *
     * @param generation what the connection had when the merchant set out
     * @param code what is announced
     * @param reason what the trail says
     */
    public record Failure(int generation, String actor, String code, String reason) {}

    private static @Nullable String expected(Connection connection) {
        return connection.accountId != null ? connection.accountId : connection.expectedAccountId;
    }

    /** Announces that a consent came from another account, unless the connection was given up; it stays as it is. */
    public Uni<Void> rejectWrongAccount(Mutiny.Session session, UUID id, String offered, String evidence) {
        return ConnectionMoves.lock(session, id).chain(connection -> {
            if (connection.state == ConnectionStatus.DISCONNECTED) {
                return Uni.createFrom().voidItem();
            }
            Instant now = clock.instant();
            return announcements
                    .publish(
                            session,
                            connection,
                            new WrongAccountRejected(connection.ref(now), expected(connection), offered, evidence))
                    .chain(() -> audit.add(
                            session,
                            ConnectionMoves.about(AuditKind.WRONG_ACCOUNT_REJECTED, connection, MERCHANT, now)
                                    .because(evidence)));
        });
    }

    /** Announces that another connection holds a consent's account, unless this one was given up; both stay as they are. */
    public Uni<Void> rejectDuplicate(Mutiny.Session session, UUID id, String account, UUID holder) {
        return ConnectionMoves.lock(session, id).chain(connection -> {
            if (connection.state == ConnectionStatus.DISCONNECTED) {
                return Uni.createFrom().voidItem();
            }
            Instant now = clock.instant();
            return announcements
                    .publish(session, connection, new DuplicateRejected(connection.ref(now), account, holder))
                    .chain(() -> moves.log(session, AuditKind.DUPLICATE_REJECTED, connection, MERCHANT, now));
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
