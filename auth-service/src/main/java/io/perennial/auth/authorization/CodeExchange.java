package io.perennial.auth.authorization;

import io.micrometer.core.instrument.MeterRegistry;
import io.perennial.auth.audit.AuditKind;
import io.perennial.auth.audit.AuditTrail;
import io.perennial.auth.connection.ConnectionView;
import io.perennial.auth.connection.Connections;
import io.perennial.auth.persistence.Transactions;
import io.perennial.auth.token.Grants;
import io.perennial.auth.token.UnstoredGrant;
import io.perennial.auth.token.amazon.IssuedTokens;
import io.perennial.auth.token.amazon.LwaTokenClient;
import io.perennial.auth.token.amazon.TokenAnswer;
import io.perennial.clock.DomainClock;
import io.perennial.contracts.ConnectionStatus;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges a code, once, and stores what it gives before anything else is asked. What was started here ends here, also
 * when the browser goes away.
 */
@ApplicationScoped
class CodeExchange {
    private static final Logger LOG = Logger.getLogger(CodeExchange.class);

    /** The callback decides at once; the loop takes over what it left. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final AuthorizationRequests requests;
    private final Connections connections;
    private final CandidateDecision decision;
    private final LwaTokenClient lwa;
    private final Grants grants;
    private final AuditTrail audit;
    private final Transactions transactions;
    private final DomainClock clock;
    private final MeterRegistry meters;

    CodeExchange(
            AuthorizationRequests requests,
            Connections connections,
            CandidateDecision decision,
            LwaTokenClient lwa,
            Grants grants,
            AuditTrail audit,
            Transactions transactions,
            DomainClock clock,
            MeterRegistry meters) {
        this.requests = requests;
        this.connections = connections;
        this.decision = decision;
        this.lwa = lwa;
        this.grants = grants;
        this.audit = audit;
        this.transactions = transactions;
        this.clock = clock;
        this.meters = meters;
    }

    /** Redeems the code of an attempt; false if another callback did. */
    Uni<Boolean> redeem(Attempt attempt, CallbackAnswer answer) {
        return transactions.detached(() -> requests.claim(attempt)
                .chain(mine -> mine == null
                        ? Uni.createFrom().item(false)
                        : exchangeIfWanted(mine, answer).replaceWith(true)));
    }

    private Uni<Void> exchangeIfWanted(Attempt attempt, CallbackAnswer answer) {
        return connections
                .get(attempt.connectionId())
                .chain(connection -> wanted(attempt, connection)
                        ? exchange(attempt, answer)
                        : close(attempt, AuthorizationStatus.SUPERSEDED, AuditKind.AUTHORIZATION_FAILED, "SUPERSEDED"));
    }

    /**
     * Also when another consent of this generation was faster: the provider may have ended the token of that one when this
     * one was given.
     */
    private static boolean wanted(Attempt attempt, ConnectionView connection) {
        return connection.generation() <= attempt.generation() + 1
                && connection.state() != ConnectionStatus.DISCONNECTED;
    }

    private Uni<Void> exchange(Attempt attempt, CallbackAnswer answer) {
        // The code was granted before it was sent here: its grant ends no later than we say.
        Instant grantedAt = clock.instant();
        // What can not be sealed must not be asked for: the code stays good for another try.
        return grants.canSeal(attempt.tenantId())
                .chain(can -> can
                        ? lwa.exchange(attempt.appId(), attempt.region(), answer.code(), answer.verifier())
                        : Uni.createFrom().item(new TokenAnswer.PlatformFault(TokenAnswer.Fault.VAULT_CLOSED)))
                .chain(tokens -> {
                    meters.counter(
                                    "perennial.exchanges",
                                    "result",
                                    tokens.getClass().getSimpleName())
                            .increment();
                    return tokens instanceof TokenAnswer.Granted granted
                            ? keep(attempt, answer.account(), granted.tokens(), grantedAt)
                            : giveUp(attempt, tokens);
                });
    }

    private Uni<Void> keep(Attempt attempt, @Nullable String account, IssuedTokens tokens, Instant grantedAt) {
        Grants.Holder holder =
                new Grants.Holder(attempt.tenantId(), attempt.connectionId(), attempt.generation() + 1, account);
        return grants.seal(holder, tokens, grantedAt)
                .chain(candidate -> store(attempt, account, candidate))
                .chain(stored -> stored == null ? Uni.createFrom().voidItem() : decideNow(stored));
    }

    /** The attempt as it is then; null if it was closed meanwhile. The code is spent: nobody gets these tokens again. */
    private Uni<@Nullable Attempt> store(Attempt attempt, @Nullable String account, UnstoredGrant candidate) {
        return transactions
                .insistently(() -> storeOnce(attempt, account, candidate))
                .chain(stored -> stored
                        ? Uni.createFrom().item(attempt.checking(candidate.id(), account))
                        : requests.find(attempt.id()).map(found -> isStored(found, candidate) ? found : null));
    }

    private Uni<Boolean> storeOnce(Attempt attempt, @Nullable String account, UnstoredGrant candidate) {
        Instant next = clock.instant().plus(GRACE);
        return requests.change(
                attempt.id(), AuthorizationStatus.EXCHANGING, (session, request) -> grants.store(session, candidate)
                        .invoke(grantId -> {
                            request.status = AuthorizationStatus.CHECKING;
                            request.grantId = grantId;
                            request.accountId = account;
                            request.nextAttemptAt = next;
                        })
                        .chain(() -> audit.add(session, requests.line(AuditKind.CANDIDATE_STORED, attempt))));
    }

    /** A commit whose answer was lost has happened all the same. */
    private static boolean isStored(@Nullable Attempt found, UnstoredGrant candidate) {
        return found != null
                && found.status() == AuthorizationStatus.CHECKING
                && candidate.id().equals(found.grantId());
    }

    private Uni<Void> decideNow(Attempt attempt) {
        // The candidate is safe: whatever goes wrong now, the loop tries again.
        return decision.decide(attempt).onFailure().recoverWithItem(failure -> {
            LOG.warnf(
                    "The consent for connection %s is checked again later: %s",
                    attempt.connectionId(), failure.toString());
            return null;
        });
    }

    private Uni<Void> giveUp(Attempt attempt, TokenAnswer answer) {
        if (!(answer instanceof TokenAnswer.PlatformFault fault)) {
            return close(attempt, AuthorizationStatus.FAILED, AuditKind.EXCHANGE_REFUSED, "CODE_REFUSED");
        }
        String reason = fault.fault().name();
        return fault.fault().leavesOpen()
                ? close(attempt, AuthorizationStatus.UNKNOWN, AuditKind.EXCHANGE_UNKNOWN, reason)
                : close(attempt, AuthorizationStatus.FAILED, AuditKind.EXCHANGE_REFUSED, reason);
    }

    private Uni<Void> close(Attempt attempt, AuthorizationStatus as, AuditKind kind, String reason) {
        return requests.close(attempt, as, kind, reason).replaceWithVoid();
    }
}
