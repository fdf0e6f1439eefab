package io.perennial.auth.authorization;

import io.perennial.auth.audit.AuditKind;
import io.perennial.auth.authorization.AuthorizationRequests.Patience;
import io.perennial.auth.authorization.guard.GuardConfig;
import io.perennial.auth.authorization.link.ConsentLinks;
import io.perennial.auth.connection.ConnectionConsents;
import io.perennial.auth.connection.Connections;
import io.perennial.auth.persistence.Stopping;
import io.perennial.auth.profile.Profiles;
import io.perennial.auth.token.Grants;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jboss.logging.Logger;

/** Brings attempts to their end: candidates that could not be decided, callbacks that never came, old records. */
@ApplicationScoped
class AuthorizationLoop {
    private static final Logger LOG = Logger.getLogger(AuthorizationLoop.class);
    private static final String ACTOR = "authorization-loop";
    private static final int BATCH = 100;
    private static final int CONCURRENCY = 8;
    private static final Duration CLAIM = Duration.ofSeconds(30);

    private final AuthorizationRequests requests;
    private final CandidateDecision decision;
    private final Connections connections;
    private final ConnectionConsents consents;
    private final ConsentLinks links;
    private final Grants grants;
    private final Profiles profiles;
    private final ConsentConfig config;
    private final GuardConfig guard;
    private final Stopping stopping;

    AuthorizationLoop(
            AuthorizationRequests requests,
            CandidateDecision decision,
            Connections connections,
            ConnectionConsents consents,
            ConsentLinks links,
            Grants grants,
            Profiles profiles,
            ConsentConfig config,
            GuardConfig guard,
            Stopping stopping) {
        this.requests = requests;
        this.decision = decision;
        this.connections = connections;
        this.consents = consents;
        this.links = links;
        this.grants = grants;
        this.profiles = profiles;
        this.config = config;
        this.guard = guard;
        this.stopping = stopping;
    }

    @Scheduled(every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> decideCandidates() {
        return guarded(requests.claimDue(BATCH, CLAIM).chain(due -> each(due, decision::decide)));
    }

    @Scheduled(every = "5s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> closeForgotten() {
        Patience patience = new Patience(config.decisionLife(), guard.reviewLife());
        return guarded(requests.holdUp(patience)
                .chain(() -> requests.forgotten(BATCH, patience))
                .chain(found -> each(found, this::close)));
    }

    @Scheduled(every = "10m", delayed = "1m", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> purge() {
        return guarded(grants.purge()
                .chain(() -> requests.purge(config.recordLife(), BATCH * CONCURRENCY))
                .chain(() -> links.purge(config.linkAfterEnd()))
                .chain(() -> profiles.purge(BATCH))
                .replaceWithVoid());
    }

    private Uni<Void> close(Attempt attempt) {
        return switch (attempt.status()) {
            case STARTED -> abandon(attempt);
            case EXCHANGING ->
                requests.close(attempt, AuthorizationStatus.UNKNOWN, AuditKind.EXCHANGE_UNKNOWN, "PROCESS_ENDED")
                        .replaceWithVoid();
            case CHECKING -> expire(attempt);
            case AWAITING_CONFIRMATION -> decision.abandon(attempt);
            case AWAITING_REVIEW -> endReview(attempt);
            default -> Uni.createFrom().voidItem();
        };
    }

    private Uni<Void> abandon(Attempt attempt) {
        return requests.dropUnlessLast(attempt)
                .chain(dropped -> dropped
                        ? Uni.createFrom().voidItem()
                        : announceAbandoned(attempt).chain(() -> requests.forgetEarlier(attempt)));
    }

    private Uni<Boolean> announceAbandoned(Attempt attempt) {
        return requests.change(attempt.id(), AuthorizationStatus.STARTED, (session, request) -> {
            request.status = AuthorizationStatus.ABANDONED;
            return consents.announceAbandoned(
                    session, attempt.connectionId(), attempt.generation(), attempt.startedAt());
        });
    }

    private Uni<Void> endReview(Attempt attempt) {
        return connections
                .get(attempt.connectionId())
                .chain(connection ->
                        attempt.id().equals(connection.consentReview()) ? expire(attempt) : decision.discard(attempt));
    }

    private Uni<Void> expire(Attempt attempt) {
        return decision.putAway(attempt, ACTOR, CandidateDecision.NOT_DECIDED_IN_TIME);
    }

    private Uni<Void> each(List<Attempt> attempts, Function<Attempt, Uni<Void>> work) {
        return Multi.createFrom()
                .iterable(attempts)
                .onItem()
                .transformToUni(attempt -> guarded(work.apply(attempt)).replaceWith(attempt))
                .merge(CONCURRENCY)
                .collect()
                .asList()
                .replaceWithVoid();
    }

    private Uni<Void> guarded(Uni<Void> work) {
        if (stopping.begun()) {
            return Uni.createFrom().voidItem();
        }
        return work.onFailure()
                .invoke(failure -> {
                    if (!stopping.begun()) {
                        LOG.warnf("Tried again in the next round: %s", failure.toString());
                    }
                })
                .onFailure()
                .recoverWithNull();
    }
}
