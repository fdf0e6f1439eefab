package io.perennial.auth.authorization;

import io.perennial.auth.audit.AuditKind;
import io.perennial.auth.audit.AuditLine;
import io.perennial.auth.audit.AuditTrail;
import io.perennial.auth.authorization.page.Randomness;
import io.perennial.auth.connection.ConnectionView;
import io.perennial.auth.persistence.Transactions;
import io.perennial.auth.token.Grants;
import io.perennial.auth.token.UnstoredGrant;
import io.perennial.auth.token.amazon.IssuedTokens;
import io.perennial.clock.DomainClock;
import io.perennial.clock.TimeOrderedIds;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Gives a connection tokens that did not come by its own callback, as a candidate: guard and probe decide about it as
 * about every other.
 */
@ApplicationScoped
class CandidateAdoption {
    /** The loop takes over what could not be decided at once. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final AuthorizationRequests requests;
    private final CandidateDecision decision;
    private final Grants grants;
    private final AuditTrail audit;
    private final Transactions transactions;
    private final Randomness randomness;
    private final ConsentConfig config;
    private final DomainClock clock;
    private final TimeOrderedIds ids;

    CandidateAdoption(
            AuthorizationRequests requests,
            CandidateDecision decision,
            Grants grants,
            AuditTrail audit,
            Transactions transactions,
            Randomness randomness,
            ConsentConfig config,
            DomainClock clock,
            TimeOrderedIds ids) {
        this.requests = requests;
        this.decision = decision;
        this.grants = grants;
        this.audit = audit;
        this.transactions = transactions;
        this.randomness = randomness;
        this.config = config;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Whose tokens, and who brings them.
     *
     * @param browser of the merchant who may see the result; null where an operator acts
     */
    record Adoptee(
            ConnectionView connection,
            String account,
            IssuedTokens tokens,
            Instant grantedAt,
            AuthorizationWay way,
            @Nullable String browser,
            @Nullable UUID linkId,
            String locale,
            String actor,
            AuditKind kind) {}

    /**
     * Stores the tokens and decides if it can be decided now.
     *
     * @param together what must happen in the same transaction; false leaves everything as it was
     * @return the attempt; null if {@code together} said no
     */
    Uni<@Nullable Attempt> adopt(Adoptee adoptee, Function<Mutiny.Session, Uni<Boolean>> together) {
        ConnectionView connection = adoptee.connection();
        Grants.Holder holder = new Grants.Holder(
                connection.tenantId(), connection.id(), connection.generation() + 1, adoptee.account());
        UUID attempt = ids.next();
        return transactions.detached(() -> grants.seal(holder, adoptee.tokens(), adoptee.grantedAt())
                .chain(candidate -> transactions.in(session -> together.apply(session)
                        .chain(yes -> yes
                                ? store(session, attempt, adoptee, candidate).replaceWith(true)
                                : Uni.createFrom().item(false))))
                .chain(stored ->
                        stored ? decideNow(attempt, adoptee) : Uni.createFrom().<Attempt>nullItem()));
    }

    private Uni<Void> store(Mutiny.Session session, UUID id, Adoptee adoptee, UnstoredGrant candidate) {
        ConnectionView connection = adoptee.connection();
        AuthorizationRequest request = new AuthorizationRequest();
        request.id = id;
        // Nobody knows the state: no callback can ever bring it.
        request.stateHash = Randomness.hash(randomness.text());
        request.browserHash = Randomness.hash(adoptee.browser() == null ? randomness.text() : adoptee.browser());
        request.linkId = adoptee.linkId();
        request.tenantId = connection.tenantId();
        request.connectionId = connection.id();
        request.generation = connection.generation();
        request.region = connection.region();
        request.appId = connection.app();
        request.way = adoptee.way();
        request.locale = adoptee.locale();
        request.status = AuthorizationStatus.CHECKING;
        request.startedAt = clock.instant();
        request.expiresAt = request.startedAt.plus(config.stateLife());
        request.accountId = adoptee.account();
        request.nextAttemptAt = request.startedAt.plus(GRACE);
        AuditLine line = AuditLine.about(
                adoptee.kind(),
                connection.tenantId(),
                connection.id(),
                connection.generation(),
                adoptee.actor(),
                request.startedAt);
        return grants.store(session, candidate)
                .invoke(grantId -> request.grantId = grantId)
                .chain(() -> session.flush())
                .chain(() -> session.persist(request))
                .chain(() -> audit.add(session, line));
    }

    private Uni<@Nullable Attempt> decideNow(UUID id, Adoptee adoptee) {
        return requests.find(id)
                .chain(attempt -> decision.decide(Objects.requireNonNull(attempt)))
                .chain(() -> requests.find(id))
                .chain(attempt -> adoptee.browser() == null
                                && attempt != null
                                && attempt.status() == AuthorizationStatus.AWAITING_CONFIRMATION
                        // Who named the connection has answered the question.
                        ? decision.confirm(attempt).chain(() -> requests.find(id))
                        : Uni.createFrom().item(attempt));
    }
}
