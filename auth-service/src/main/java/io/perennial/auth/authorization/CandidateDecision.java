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
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Decides about a stored candidate: guards first, then a probe, then promotion in one transaction. Run by the callback and
 * again by a loop until there is a decision; any number of runs decide once.
 */
@ApplicationScoped
class CandidateDecision {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final int MOST_DOUBLINGS = 7;
    private static final String REVIEW_REFUSED = "REVIEW_REFUSED";
    private static final String GRANT_REFUSED = "GRANT_REFUSED";
    private static final String IMPORTED_TOKEN_NOT_TAKEN = "IMPORTED_TOKEN_NOT_TAKEN";

    /** Nobody decided in time. */
    static final String NOT_DECIDED_IN_TIME = "NOT_DECIDED_IN_TIME";

    /** Reasons that are ours and not the provider's. */
    static final Set<String> NOT_ACCEPTED = Set.of(REVIEW_REFUSED, NOT_DECIDED_IN_TIME);

    private static final String MERCHANT = "merchant";
    private static final String PROVIDER = "provider";

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

    /** Who let which account pass. */
    private record Acceptance(Attempt attempt, Account account, String actor) {}

    /** Decides if it can be decided now. */
    Uni<Void> decide(Attempt attempt) {
        return connections.get(attempt.connectionId()).chain(connection -> decide(attempt, connection));
    }

    private Uni<Void> decide(Attempt attempt, ConnectionView connection) {
        if (superseded(attempt, connection)) {
            return discard(attempt);
        }
        return providers
                .of(connection.provider())
                .rule(attempt, connection)
                .chain(ruling -> follow(ruling, attempt, connection));
    }

    private Uni<Void> follow(Ruling ruling, Attempt attempt, ConnectionView connection) {
        if (ruling instanceof Ruling.Accepted accepted) {
            return promote(new Acceptance(attempt, accepted.account(), MERCHANT));
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
        if (ruling instanceof Ruling.Undecided) {
            return later(attempt);
        }
        if (overtaken(attempt, connection)) {
            return discard(attempt);
        }
        if (ruling instanceof Ruling.OpensNothing nothing) {
            return putAway(attempt, PROVIDER, nothing.reason());
        }
        return ruling instanceof Ruling.Unproven unproven ? hold(attempt, unproven.account()) : useless(attempt);
    }

    /**
     * Another consent that is just being checked may have ended this one: then nothing failed, and there is time. It says
     * that it was refused, so that two of which neither works do not wait for each other.
     */
    private Uni<Void> useless(Attempt attempt) {
        return requests.hasRival(attempt).chain(rival -> rival ? later(attempt, GRANT_REFUSED) : giveUp(attempt));
    }

    private Uni<Void> askMerchant(Attempt attempt, Account account) {
        return close(attempt, AuthorizationStatus.AWAITING_CONFIRMATION, (session, request) -> {
            request.note(account);
            return Uni.createFrom().voidItem();
        });
    }

    private Uni<Void> hold(Attempt attempt, Account account) {
        count("HELD");
        return close(attempt, AuthorizationStatus.AWAITING_REVIEW, (session, request) -> {
            request.note(account);
            return consents.hold(
                    session,
                    attempt.connectionId(),
                    new ConnectionConsents.Held(attempt.id(), attempt.generation(), account.id(), account.name()));
        });
    }

    /** The merchant says: yes, this store. */
    Uni<Void> confirm(Attempt attempt) {
        return promote(new Acceptance(attempt, Account.of(attempt), MERCHANT));
    }

    /** The merchant says: no, another one. */
    Uni<Void> decline(Attempt attempt) {
        return close(
                attempt, AuthorizationStatus.DENIED, (session, request) -> grants.quarantine(session, request.grantId)
                        .chain(() -> audit.add(session, requests.line(AuditKind.CONSENT_DECLINED, attempt))));
    }

    /** An operator says: it is the right account. */
    Uni<Void> accept(Attempt attempt, String operator) {
        return promote(new Acceptance(attempt, Account.of(attempt), operator));
    }

    /** An operator says: it is not, or we do not want it. */
    Uni<Void> refuse(Attempt attempt, String operator) {
        return putAway(attempt, operator, REVIEW_REFUSED);
    }

    /** The consent is not used: sealed for a day, and told of. */
    Uni<Void> putAway(Attempt attempt, String actor, String reason) {
        count(reason);
        return close(attempt, AuthorizationStatus.FAILED, (session, request) -> {
            request.reason = reason;
            return grants.quarantine(session, request.grantId)
                    .chain(() -> announceFailed(session, attempt, actor, reason));
        });
    }

    /** The provider takes the new grant back at once: it is destroyed, and the former one stays. */
    private Uni<Void> giveUp(Attempt attempt) {
        count("FAILED");
        return close(attempt, AuthorizationStatus.FAILED, (session, request) -> grants.destroy(session, request.grantId)
                .chain(() -> audit.add(session, requests.line(AuditKind.CANDIDATE_DESTROYED, attempt)))
                .chain(() -> announceFailed(session, attempt, PROVIDER, GRANT_REFUSED)));
    }

    private Uni<Void> announceFailed(Mutiny.Session session, Attempt attempt, String actor, String reason) {
        // Of a token that an integrator brought no merchant is told that his consent came to nothing.
        String code = attempt.way() == AuthorizationWay.IMPORT ? IMPORTED_TOKEN_NOT_TAKEN : reason;
        return consents.announceFailed(
                session,
                attempt.connectionId(),
                new ConnectionConsents.Failure(attempt.generation(), actor, code, reason));
    }

    /** The merchant did not say whether it is the right store. */
    Uni<Void> abandon(Attempt attempt) {
        return close(attempt, AuthorizationStatus.ABANDONED, (session, request) -> grants.quarantine(
                        session, request.grantId)
                .chain(() -> consents.announceAbandoned(
                        session, attempt.connectionId(), attempt.generation(), attempt.startedAt())));
    }

    /** Ends an attempt, or what was waited for in it, unless that happened meanwhile. */
    private Uni<Void> close(
            Attempt attempt, AuthorizationStatus as, BiFunction<Mutiny.Session, AuthorizationRequest, Uni<Void>> work) {
        return requests.change(attempt.id(), attempt.status(), (session, request) -> {
                    request.status = as;
                    request.nextAttemptAt = null;
                    // Before the grant is read: giving the connection up destroys it under this lock.
                    return consents.lock(session, attempt.connectionId())
                            .chain(() -> work.apply(session, request))
                            .chain(() -> endReview(session, attempt))
                            .chain(() -> as == AuthorizationStatus.DUPLICATE
                                            && attempt.status() == AuthorizationStatus.AWAITING_REVIEW
                                    ? announceFailed(session, attempt, PROVIDER, "ACCOUNT_HELD")
                                    : Uni.createFrom().voidItem());
                })
                .replaceWithVoid();
    }

    private Uni<Void> endReview(Mutiny.Session session, Attempt attempt) {
        return attempt.status() == AuthorizationStatus.AWAITING_REVIEW
                ? consents.endReview(session, attempt.connectionId(), attempt.id())
                : Uni.createFrom().voidItem();
    }

    private Uni<Void> promote(Acceptance accepted) {
        Attempt attempt = accepted.attempt();
        return requests.change(
                        attempt.id(), attempt.status(), (session, request) -> promote(session, request, accepted))
                .replaceWithVoid()
                // Another connection got the account between the check and the commit.
                .onFailure(failure -> Constraints.violates(failure, "connection_account"))
                .recoverWithUni(() -> duplicateNow(attempt, accepted.account().id()));
    }

    private Uni<Void> promote(Mutiny.Session session, AuthorizationRequest request, Acceptance accepted) {
        Attempt attempt = accepted.attempt();
        Account account = accepted.account();
        return grants.grantedAt(session, request.grantId)
                .map(at -> terms.consent(attempt, account.id(), account.name(), account.marketplaces(), at))
                .chain(consent -> consents.promote(session, attempt.connectionId(), consent, accepted.actor()))
                .chain(outcome -> settle(session, request, accepted, outcome));
    }

    private Uni<Void> settle(
            Mutiny.Session session, AuthorizationRequest request, Acceptance accepted, PromotionOutcome outcome) {
        Attempt attempt = accepted.attempt();
        request.nextAttemptAt = null;
        count(outcome.name());
        if (outcome == PromotionOutcome.PROMOTED) {
            request.status = AuthorizationStatus.COMPLETED;
            return grants.promote(
                            session,
                            attempt.connectionId(),
                            request.grantId,
                            accepted.account().id())
                    .chain(() ->
                            audit.add(session, requests.line(AuditKind.CONSENT_ACCEPTED, attempt, accepted.actor())));
        }
        if (outcome == PromotionOutcome.HELD_BY_OTHER_TENANT) {
            request.status = AuthorizationStatus.DUPLICATE;
            return grants.quarantine(session, request.grantId)
                    .chain(() -> announceFailed(session, attempt, MERCHANT, "ACCOUNT_NOT_ALLOWED"))
                    .chain(() -> endReview(session, attempt));
        }
        request.status = AuthorizationStatus.SUPERSEDED;
        return keepTheYounger(session, request, accepted, outcome).chain(() -> endReview(session, attempt));
    }

    private Uni<Void> keepTheYounger(
            Mutiny.Session session, AuthorizationRequest request, Acceptance accepted, PromotionOutcome outcome) {
        Attempt attempt = accepted.attempt();
        Uni<Boolean> kept = outcome == PromotionOutcome.SUPERSEDED
                ? grants.replaceOlder(session, attempt.connectionId(), request.grantId)
                : Uni.createFrom().item(false);
        return kept.chain(younger -> younger
                ? audit.add(
                        session,
                        requests.line(AuditKind.CONSENT_ACCEPTED, attempt, accepted.actor())
                                .because("YOUNGER_OF_TWO"))
                : grants.destroy(session, request.grantId)
                        .chain(() -> audit.add(session, requests.line(AuditKind.CANDIDATE_DESTROYED, attempt))));
    }

    private Uni<Void> refuse(Attempt attempt, Ruling.WrongAccount wrong) {
        count("WRONG_ACCOUNT");
        return close(attempt, AuthorizationStatus.WRONG_ACCOUNT, (session, request) -> {
            request.accountId = wrong.account();
            return grants.quarantine(session, request.grantId)
                    .chain(() -> consents.rejectWrongAccount(
                            session, attempt.connectionId(), wrong.account(), wrong.evidence()));
        });
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
        return close(attempt, AuthorizationStatus.DUPLICATE, (session, request) -> {
            request.accountId = account;
            return grants.quarantine(session, request.grantId)
                    .chain(() -> consents.rejectDuplicate(session, attempt.connectionId(), account, holder));
        });
    }

    private Uni<Void> duplicateNow(Attempt attempt, String account) {
        return connections
                .get(attempt.connectionId())
                .chain(connection -> connections.holder(connection, account))
                .chain(holder -> holder == null ? later(attempt) : duplicate(attempt, account, holder));
    }

    /** Nothing waits for this consent any more. */
    Uni<Void> discard(Attempt attempt) {
        count("SUPERSEDED");
        return close(
                attempt, AuthorizationStatus.SUPERSEDED, (session, request) -> grants.destroy(session, request.grantId)
                        .chain(() -> audit.add(
                                session,
                                requests.line(AuditKind.CANDIDATE_DESTROYED, attempt)
                                        .because(AuthorizationStatus.SUPERSEDED.name()))));
    }

    private Uni<Void> later(Attempt attempt) {
        return later(attempt, attempt.reason());
    }

    private Uni<Void> later(Attempt attempt, @Nullable String reason) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(attempt.attempts(), MOST_DOUBLINGS));
        Instant next = clock.instant().plus(pause);
        return requests.change(attempt.id(), attempt.status(), (session, request) -> {
                    request.nextAttemptAt = next;
                    request.reason = reason;
                    return Uni.createFrom().voidItem();
                })
                .replaceWithVoid();
    }

    private void count(String result) {
        meters.counter("perennial.consents", "result", result).increment();
    }

    private static boolean superseded(Attempt attempt, ConnectionView connection) {
        return connection.generation() > attempt.generation() + 1
                || connection.state() == ConnectionStatus.DISCONNECTED;
    }

    /** Whether another consent of the same generation was faster. */
    private static boolean overtaken(Attempt attempt, ConnectionView connection) {
        return connection.generation() > attempt.generation();
    }
}
