package io.perennial.auth.authorization;

import io.micrometer.core.instrument.MeterRegistry;
import io.perennial.auth.audit.AuditKind;
import io.perennial.auth.audit.AuditTrail;
import io.perennial.auth.authorization.Ruling.Account;
import io.perennial.auth.connection.ConnectionConsents;
import io.perennial.auth.connection.ConnectionVerdicts;
import io.perennial.auth.connection.ConnectionView;
import io.perennial.auth.connection.Connections;
import io.perennial.auth.connection.lifecycle.PromotionOutcome;
import io.perennial.auth.persistence.Constraints;
import io.perennial.auth.token.Grants;
import io.perennial.clock.DomainClock;
import io.perennial.contracts.ConnectionStatus;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Decides about a stored candidate: guards first, then a probe, then promotion in one transaction. Run by the callback and
 * again by a loop until there is a decision; any number of runs decide once.
 */
@ApplicationScoped
class CandidateDecision {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final int MOST_DOUBLINGS = 7;

    private final AuthorizationRequests requests;
    private final Connections connections;
    private final ConnectionVerdicts verdicts;
    private final ConnectionConsents consents;
    private final ProviderConsents providers;
    private final Grants grants;
    private final ConsentTerms terms;
    private final AuditTrail audit;
    private final DomainClock clock;
    private final MeterRegistry meters;

    CandidateDecision(
            AuthorizationRequests requests,
            Connections connections,
            ConnectionVerdicts verdicts,
            ConnectionConsents consents,
            ProviderConsents providers,
            Grants grants,
            ConsentTerms terms,
            AuditTrail audit,
            DomainClock clock,
            MeterRegistry meters) {
        this.requests = requests;
        this.connections = connections;
        this.verdicts = verdicts;
        this.consents = consents;
        this.providers = providers;
        this.grants = grants;
        this.terms = terms;
        this.audit = audit;
        this.clock = clock;
        this.meters = meters;
    }

    /** Decides if it can be decided now. */
    Uni<Void> decide(Attempt attempt) {
        return connections.get(attempt.connectionId()).chain(connection -> decide(attempt, connection));
    }

    private Uni<Void> decide(Attempt attempt, ConnectionView connection) {
        if (superseded(attempt, connection)) {
            return discard(attempt, AuthorizationStatus.SUPERSEDED);
        }
        return providers
                .of(connection.provider())
                .rule(attempt, connection)
                .chain(ruling -> follow(ruling, attempt, connection));
    }

    private Uni<Void> follow(Ruling ruling, Attempt attempt, ConnectionView connection) {
        if (ruling instanceof Ruling.Accepted accepted) {
            return promote(attempt, accepted.account());
        }
        if (ruling instanceof Ruling.Unconfirmed unconfirmed) {
            return askMerchant(attempt, unconfirmed.account());
        }
        if (ruling instanceof Ruling.WrongAccount wrong) {
            return refuse(attempt, wrong).chain(() -> lookAfterHolder(connection, wrong.account()));
        }
        if (ruling instanceof Ruling.HeldElsewhere held) {
            return duplicate(attempt, held.account(), held.holder());
        }
        if (ruling instanceof Ruling.OpensNothing nothing) {
            return putAway(attempt, nothing.reason());
        }
        return ruling instanceof Ruling.Useless ? discard(attempt, AuthorizationStatus.FAILED) : later(attempt);
    }

    private Uni<Void> askMerchant(Attempt attempt, Account account) {
        return requests.change(attempt.id(), attempt.status(), (session, request) -> {
                    request.status = AuthorizationStatus.AWAITING_CONFIRMATION;
                    request.accountId = account.id();
                    request.accountName = account.name();
                    request.accountMarketplaces = account.marketplaces().toArray(String[]::new);
                    request.nextAttemptAt = null;
                    return Uni.createFrom().voidItem();
                })
                .replaceWithVoid();
    }

    /** The merchant says: yes, this store. */
    Uni<Void> confirm(Attempt attempt) {
        return promote(
                attempt,
                new Account(
                        Objects.requireNonNull(attempt.accountId()),
                        attempt.accountName(),
                        attempt.accountMarketplaces()));
    }

    /** The merchant says: no, another one. */
    Uni<Void> decline(Attempt attempt) {
        return requests.change(attempt.id(), attempt.status(), (session, request) -> {
                    request.status = AuthorizationStatus.DENIED;
                    return grants.quarantine(session, request.grantId)
                            .chain(() -> audit.add(session, requests.line(AuditKind.CONSENT_DECLINED, attempt)));
                })
                .replaceWithVoid();
    }

    /** Nobody decided in time: the consent is put away. */
    Uni<Void> expire(Attempt attempt, AuthorizationStatus as) {
        return requests.change(attempt.id(), attempt.status(), (session, request) -> {
                    request.status = as;
                    request.nextAttemptAt = null;
                    return grants.quarantine(session, request.grantId)
                            .chain(() -> audit.add(
                                    session,
                                    requests.line(AuditKind.AUTHORIZATION_FAILED, attempt)
                                            .because("NOT_DECIDED_IN_TIME")));
                })
                .replaceWithVoid();
    }

    private Uni<Void> promote(Attempt attempt, Account account) {
        return requests.change(
                        attempt.id(),
                        attempt.status(),
                        (session, request) -> promote(session, request, attempt, account))
                .replaceWithVoid()
                // Another connection got the account between the check and the commit.
                .onFailure(failure -> Constraints.violates(failure, "connection_account"))
                .recoverWithUni(() -> duplicateNow(attempt, account.id()));
    }

    private Uni<Void> promote(Mutiny.Session session, AuthorizationRequest request, Attempt attempt, Account account) {
        return grants.grantedAt(session, request.grantId)
                .map(at -> terms.consent(attempt, account.id(), account.name(), account.marketplaces(), at))
                .chain(consent -> consents.promote(session, attempt.connectionId(), consent))
                .chain(outcome -> settle(session, request, attempt, account, outcome));
    }

    private Uni<Void> settle(
            Mutiny.Session session,
            AuthorizationRequest request,
            Attempt attempt,
            Account account,
            PromotionOutcome outcome) {
        request.nextAttemptAt = null;
        count(outcome.name());
        if (outcome == PromotionOutcome.PROMOTED) {
            request.status = AuthorizationStatus.COMPLETED;
            return grants.promote(session, attempt.connectionId(), request.grantId, account.id())
                    .chain(() -> audit.add(session, requests.line(AuditKind.CONSENT_ACCEPTED, attempt)));
        }
        request.status = AuthorizationStatus.SUPERSEDED;
        return grants.destroy(session, request.grantId)
                .chain(() -> audit.add(session, requests.line(AuditKind.CANDIDATE_DESTROYED, attempt)));
    }

    private Uni<Void> refuse(Attempt attempt, Ruling.WrongAccount wrong) {
        count("WRONG_ACCOUNT");
        return requests.change(attempt.id(), attempt.status(), (session, request) -> {
                    request.status = AuthorizationStatus.WRONG_ACCOUNT;
                    request.accountId = wrong.account();
                    request.nextAttemptAt = null;
                    return grants.quarantine(session, request.grantId)
                            .chain(() -> consents.rejectWrongAccount(
                                    session, attempt.connectionId(), wrong.account(), wrong.evidence()));
                })
                .replaceWithVoid();
    }

    private Uni<Void> putAway(Attempt attempt, String reason) {
        count(reason);
        return requests.change(attempt.id(), attempt.status(), (session, request) -> {
                    request.status = AuthorizationStatus.FAILED;
                    request.reason = reason;
                    request.nextAttemptAt = null;
                    return grants.quarantine(session, request.grantId)
                            .chain(() -> audit.add(
                                    session,
                                    requests.line(AuditKind.AUTHORIZATION_FAILED, attempt)
                                            .because(reason)));
                })
                .replaceWithVoid();
    }

    /** Whoever holds the account consented anew at the provider, which may have ended the grant that we keep. */
    private Uni<Void> lookAfterHolder(ConnectionView connection, String account) {
        return connections
                .holder(connection, account)
                .chain(holder -> holder == null ? Uni.createFrom().voidItem() : verdicts.probeSoon(holder));
    }

    private Uni<Void> duplicate(Attempt attempt, String account, UUID holder) {
        count("DUPLICATE");
        return refuseDuplicate(attempt, account, holder).chain(() -> verdicts.probeSoon(holder));
    }

    private Uni<Void> refuseDuplicate(Attempt attempt, String account, UUID holder) {
        return requests.change(attempt.id(), attempt.status(), (session, request) -> {
                    request.status = AuthorizationStatus.DUPLICATE;
                    request.accountId = account;
                    request.nextAttemptAt = null;
                    return grants.quarantine(session, request.grantId)
                            .chain(() -> consents.rejectDuplicate(session, attempt.connectionId(), account, holder));
                })
                .replaceWithVoid();
    }

    private Uni<Void> duplicateNow(Attempt attempt, String account) {
        return connections
                .get(attempt.connectionId())
                .chain(connection -> connections.holder(connection, account))
                .chain(holder -> holder == null ? later(attempt) : duplicate(attempt, account, holder));
    }

    private Uni<Void> discard(Attempt attempt, AuthorizationStatus as) {
        count(as.name());
        return requests.change(attempt.id(), attempt.status(), (session, request) -> {
                    request.status = as;
                    request.nextAttemptAt = null;
                    return grants.destroy(session, request.grantId)
                            .chain(() -> audit.add(
                                    session,
                                    requests.line(AuditKind.CANDIDATE_DESTROYED, attempt)
                                            .because(as.name())));
                })
                .replaceWithVoid();
    }

    private Uni<Void> later(Attempt attempt) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(attempt.attempts(), MOST_DOUBLINGS));
        Instant next = clock.instant().plus(pause);
        return requests.change(attempt.id(), attempt.status(), (session, request) -> {
                    request.nextAttemptAt = next;
                    return Uni.createFrom().voidItem();
                })
                .replaceWithVoid();
    }

    private void count(String result) {
        meters.counter("perennial.consents", "result", result).increment();
    }

    private static boolean superseded(Attempt attempt, ConnectionView connection) {
        return connection.generation() != attempt.generation() || connection.state() == ConnectionStatus.DISCONNECTED;
    }
}
