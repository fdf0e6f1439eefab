package io.perennial.auth.connection;

import io.perennial.auth.application.AppView;
import io.perennial.auth.application.Apps;
import io.perennial.auth.audit.AuditKind;
import io.perennial.auth.audit.AuditLine;
import io.perennial.auth.audit.AuditTrail;
import io.perennial.auth.connection.ConnectionLifecycle.Announcement;
import io.perennial.auth.connection.ConnectionLifecycle.Happening;
import io.perennial.auth.connection.ConnectionLifecycle.Moves;
import io.perennial.auth.persistence.Constraints;
import io.perennial.auth.persistence.Transactions;
import io.perennial.auth.tenant.Tenants;
import io.perennial.clock.DomainClock;
import io.perennial.clock.TimeOrderedIds;
import io.perennial.contracts.AuthorizationAbandoned;
import io.perennial.contracts.ConnectionAuthorized;
import io.perennial.contracts.ConnectionCreated;
import io.perennial.contracts.ConnectionDisconnected;
import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.ConnectionUpdated;
import io.perennial.contracts.DuplicateRejected;
import io.perennial.contracts.EndsAtSource;
import io.perennial.contracts.Event;
import io.perennial.contracts.TokenExpired;
import io.perennial.contracts.TokenReinstated;
import io.perennial.contracts.TokenRenewed;
import io.perennial.contracts.TokenRevoked;
import io.perennial.contracts.WrongAccountRejected;
import io.perennial.problem.ProblemException;
import io.perennial.problem.StandardProblem;
import io.perennial.service.IdempotencyKey;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * The connections: created, changed, moved from state to state and given up here and nowhere else.
 *
 * <p>Each change locks the connection's row first; its event and the published state commit with it.
 */
@ApplicationScoped
public class Connections {
    /** The provider's rule: a consent lasts 365 days. */
    private static final Duration GRANT_LIFE = Duration.ofDays(365);

    private static final String ALIVE = "ALIVE";
    private static final String REFUSED = "REFUSED";

    private final ConnectionReader reader;
    private final Transactions transactions;
    private final Announcements announcements;
    private final AuditTrail audit;
    private final Tenants tenants;
    private final Apps apps;
    private final GrantDisposal grants;
    private final ProbingConfig probing;
    private final DomainClock clock;
    private final TimeOrderedIds ids;

    @SuppressWarnings("checkstyle:ParameterNumber")
    Connections(
            ConnectionReader reader,
            Transactions transactions,
            Announcements announcements,
            AuditTrail audit,
            Tenants tenants,
            Apps apps,
            GrantDisposal grants,
            ProbingConfig probing,
            DomainClock clock,
            TimeOrderedIds ids) {
        this.reader = reader;
        this.transactions = transactions;
        this.announcements = announcements;
        this.audit = audit;
        this.tenants = tenants;
        this.apps = apps;
        this.grants = grants;
        this.probing = probing;
        this.clock = clock;
        this.ids = ids;
    }

    /** These connections, as far as they exist. */
    public Uni<List<ConnectionView>> find(Collection<UUID> wanted) {
        return reader.find(wanted, null);
    }

    /** These connections, as far as they exist and the tenants may see them; null stands for all tenants. */
    public Uni<List<ConnectionView>> find(Collection<UUID> wanted, String @Nullable [] visible) {
        return reader.find(wanted, visible);
    }

    /** A connection that must exist. */
    public Uni<ConnectionView> get(UUID id) {
        return get(id, null);
    }

    /** A connection that must exist and be visible; otherwise 404. */
    public Uni<ConnectionView> get(UUID id, String @Nullable [] visible) {
        return reader.find(List.of(id), visible).map(found -> {
            if (found.isEmpty()) {
                throw ProblemException.notFound();
            }
            return found.get(0);
        });
    }

    /** Another connection of the same tenant, provider, region and application that holds the account; null if none. */
    public Uni<@Nullable UUID> holder(ConnectionView connection, String account) {
        return reader.holder(connection, account);
    }

    Uni<List<ConnectionView>> list(ConnectionFilter filter, String @Nullable [] visible) {
        return reader.list(filter, visible);
    }

    Uni<ConnectionView> create(NewConnection request, String actor, @Nullable IdempotencyKey key) {
        return replay(actor, key)
                .chain(known -> known != null ? Uni.createFrom().item(known) : insert(request, actor, key));
    }

    private Uni<ConnectionView> insert(NewConnection request, String actor, @Nullable IdempotencyKey key) {
        String tenantId = Objects.requireNonNull(request.tenantId());
        return apps.choose(request.app(), Objects.requireNonNull(request.provider()))
                .call(() -> tenants.ensure(tenantId))
                .map(app -> fresh(request, app, actor, key))
                .chain(this::persist)
                .chain(this::get)
                .onFailure(failure -> Constraints.violates(failure, "connection_idempotency"))
                .recoverWithUni(() -> replay(actor, key))
                .onFailure(failure -> Constraints.violates(failure, "connection_external_id"))
                .transform(failure -> new ProblemException(
                        StandardProblem.CONFLICT, "The tenant already has a connection with this externalId."));
    }

    private Connection fresh(NewConnection request, AppView app, String actor, @Nullable IdempotencyKey key) {
        Connection connection = new Connection();
        connection.id = ids.next();
        connection.tenantId = request.tenantId();
        connection.externalId = request.externalId();
        connection.reference = Reference.of(connection.id);
        connection.provider = request.provider();
        connection.region = request.region();
        connection.appId = app.id();
        connection.label = request.label();
        connection.contacts = ConnectionReader.json(
                ContactRequest.toContacts(request.contacts() == null ? List.of() : request.contacts(), ids::next));
        connection.marketplaces = array(request.marketplaces());
        connection.expectedAccountId = request.expectedAccountId();
        connection.state = ConnectionStatus.PENDING;
        connection.createdAt = clock.instant();
        connection.updatedAt = connection.createdAt;
        connection.createdBy = actor;
        if (key != null) {
            connection.idempotencyKey = key.key();
            connection.requestHash = key.requestHash();
        }
        return connection;
    }

    private Uni<UUID> persist(Connection connection) {
        Instant now = connection.createdAt;
        return transactions
                .in(session -> session.persist(connection)
                        .chain(() -> session.flush())
                        .chain(() -> announcements.publishChange(
                                session,
                                connection,
                                new ConnectionCreated(
                                        connection.ref(now), connection.label, List.of(connection.marketplaces)),
                                now))
                        .chain(() -> log(session, AuditKind.CONNECTION_CREATED, connection, connection.createdBy, now)))
                .replaceWith(connection.id);
    }

    private Uni<@Nullable ConnectionView> replay(String actor, @Nullable IdempotencyKey key) {
        if (key == null) {
            return Uni.createFrom().nullItem();
        }
        return reader.created(actor, key.key()).map(created -> {
            if (created == null) {
                return null;
            }
            key.requireSameRequest(created.requestHash());
            return created.connection();
        });
    }

    Uni<ConnectionView> change(UUID id, ConnectionChange change, String actor, String @Nullable [] visible) {
        return get(id, visible)
                .chain(() -> transactions.in(session -> lock(session, id).chain(connection -> {
                    if (connection.state == ConnectionStatus.DISCONNECTED) {
                        throw new ProblemException(StandardProblem.CONFLICT, "The connection was given up.");
                    }
                    change.checkFor(connection.region, connection.generation > 0);
                    apply(connection, change);
                    Instant now = connection.updatedAt;
                    return announcements
                            .publishChange(session, connection, updated(connection, now), now)
                            .chain(() -> log(session, AuditKind.CONNECTION_UPDATED, connection, actor, now));
                })))
                .chain(() -> get(id));
    }

    private void apply(Connection connection, ConnectionChange change) {
        if (change.label() != null) {
            connection.label = change.label();
        }
        if (change.contacts() != null) {
            connection.contacts = ConnectionReader.json(ContactRequest.toContacts(change.contacts(), ids::next));
        }
        if (change.marketplaces() != null) {
            connection.marketplaces = array(change.marketplaces());
        }
        if (change.expectedAccountId() != null) {
            connection.expectedAccountId = change.expectedAccountId();
        }
        if (change.endsAt() != null) {
            connection.endsAt = change.endsAt();
            connection.endsAtSource = EndsAtSource.OPERATOR;
        }
        if (Boolean.TRUE.equals(change.trustNextConsent())) {
            connection.accountName = null;
            connection.accountMarketplaces = new String[0];
        }
        connection.updatedAt = clock.instant();
    }

    private static ConnectionUpdated updated(Connection connection, Instant now) {
        return new ConnectionUpdated(
                connection.ref(now),
                connection.label,
                List.of(connection.marketplaces),
                connection.endsAt,
                connection.endsAtSource);
    }

    Uni<Void> disconnect(UUID id, String actor, String @Nullable [] visible) {
        return get(id, visible)
                .chain(() -> transactions.in(session -> lock(session, id).chain(connection -> {
                    if (!(ConnectionLifecycle.decide(connection.state, Happening.DISCONNECT) instanceof Moves moves)) {
                        return Uni.createFrom().voidItem();
                    }
                    Instant now = clock.instant();
                    return grants.destroyAll(session, id).chain(() -> move(session, connection, moves, actor, now));
                })));
    }

    /**
     * Makes a consent's grant the current one, in the session's transaction. The caller has locked nothing of this
     * connection before.
     */
    public Uni<PromotionOutcome> promote(Mutiny.Session session, UUID id, Consent consent) {
        return lock(session, id).chain(connection -> {
            if (!(ConnectionLifecycle.decide(connection.state, Happening.CONSENT_PROMOTED) instanceof Moves moves)) {
                return Uni.createFrom().item(PromotionOutcome.REFUSED);
            }
            if (connection.generation + 1 != consent.generation()) {
                return Uni.createFrom().item(PromotionOutcome.SUPERSEDED);
            }
            Instant previousEnd = connection.endsAt;
            connection.generation = consent.generation();
            connection.accountId = consent.accountId();
            connection.accountName = consent.accountName();
            connection.accountMarketplaces = array(consent.marketplaces());
            connection.renewedAt = consent.grantedAt();
            if (connection.authorizedAt == null) {
                connection.authorizedAt = consent.grantedAt();
            }
            connection.endsAt = consent.grantedAt().plus(GRANT_LIFE);
            connection.endsAtSource = EndsAtSource.RULE;
            connection.lastProbeAt = clock.instant();
            connection.lastProbeResult = ALIVE;
            return move(session, connection, moves, "merchant", clock.instant(), previousEnd)
                    .replaceWith(PromotionOutcome.PROMOTED);
        });
    }

    /** Announces that a consent came from another account; the connection stays as it is. */
    public Uni<Void> rejectWrongAccount(Mutiny.Session session, UUID id, String offered, String evidence) {
        return lock(session, id).chain(connection -> {
            Instant now = clock.instant();
            String expected = connection.accountId != null ? connection.accountId : connection.expectedAccountId;
            return announcements
                    .publish(
                            session,
                            connection,
                            new WrongAccountRejected(connection.ref(now), expected, offered, evidence))
                    .chain(() -> audit.add(
                            session,
                            about(AuditKind.WRONG_ACCOUNT_REJECTED, connection, "merchant", now)
                                    .because(evidence)));
        });
    }

    /** Announces that a consent came from an account that another connection holds; both stay as they are. */
    public Uni<Void> rejectDuplicate(Mutiny.Session session, UUID id, String account, UUID holder) {
        return lock(session, id).chain(connection -> {
            Instant now = clock.instant();
            return announcements
                    .publish(session, connection, new DuplicateRejected(connection.ref(now), account, holder))
                    .chain(() -> log(session, AuditKind.DUPLICATE_REJECTED, connection, "merchant", now));
        });
    }

    /** Announces that an attempt got no answer, unless a consent came another way meanwhile. */
    public Uni<Void> announceAbandoned(Mutiny.Session session, UUID id, int generation, Instant startedAt) {
        return lock(session, id).chain(connection -> {
            if (connection.generation != generation || connection.state == ConnectionStatus.DISCONNECTED) {
                return Uni.createFrom().voidItem();
            }
            Instant now = clock.instant();
            return announcements
                    .publish(session, connection, new AuthorizationAbandoned(connection.ref(now), startedAt))
                    .chain(() -> log(session, AuditKind.AUTHORIZATION_ABANDONED, connection, "provider", now));
        });
    }

    /** Claims connections that are due for a probe, oldest first; they are not due again for a moment. */
    public Uni<List<UUID>> claimDueProbes() {
        Instant now = clock.instant();
        return reader.claimDueProbes(now, now.plus(probing.retry()), probing.batch());
    }

    /** Makes a connection due for a probe now. */
    public Uni<Void> probeSoon(UUID id) {
        return reader.probeSoon(id, clock.instant());
    }

    /** Makes connections due for a probe now, unless a later grant than the given one was promoted. */
    public Uni<Void> probeAtOnce(SqlConnection transaction, Map<UUID, Integer> generations) {
        return reader.probeAtOnce(transaction, generations, clock.instant());
    }

    /** Counts what the provider said about a grant, and moves the connection if that is due. */
    public Uni<Standing> record(Verdict verdict) {
        Instant now = clock.instant();
        Uni<Boolean> conclusive = verdict.alive() || !verdict.providerWell()
                ? Uni.createFrom().item(false)
                : reader.wave(now).map(wave -> !wave);
        return conclusive.chain(certain -> transactions.in(session -> lock(session, verdict.connectionId())
                .chain(connection -> count(session, connection, verdict, certain, now))));
    }

    private Uni<Standing> count(
            Mutiny.Session session, Connection connection, Verdict verdict, boolean certain, Instant now) {
        if (connection.generation != verdict.generation() || connection.state == ConnectionStatus.DISCONNECTED) {
            return Uni.createFrom().item(new Standing(connection.state, connection.generation, false));
        }
        boolean confirmed = certain
                && connection.suspectSince != null
                && !now.isBefore(connection.suspectSince.plus(probing.secondLook()));
        Happening happening = ConnectionLifecycle.meaning(verdict.alive(), connection.endReached(now), confirmed);
        connection.lastProbeAt = now;
        connection.lastProbeResult = verdict.alive() ? ALIVE : REFUSED;
        if (!verdict.alive() && connection.suspectSince == null) {
            connection.suspectSince = now;
        }
        Uni<Void> moved;
        if (ConnectionLifecycle.decide(connection.state, happening) instanceof Moves moves) {
            moved = move(session, connection, moves, "provider", now);
        } else {
            connection.nextProbeAt = ProbePolicy.next(probing, connection.state, connection.id, now);
            moved = session.flush();
        }
        if (!verdict.alive()) {
            connection.lastRefusedAt = now;
        }
        return moved.replaceWith(() -> new Standing(connection.state, connection.generation, true));
    }

    private Uni<Void> move(Mutiny.Session session, Connection connection, Moves moves, String actor, Instant now) {
        return move(session, connection, moves, actor, now, null);
    }

    private Uni<Void> move(
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
        if (moves.announcement() == Announcement.REINSTATED) {
            // The provider does not say when it was reinstated: it was dead at the last refusal, so it ends no earlier.
            Instant lastDead = connection.lastRefusedAt == null ? now : connection.lastRefusedAt;
            connection.endsAt = lastDead.plus(GRANT_LIFE);
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

    private static Uni<Connection> lock(Mutiny.Session session, UUID id) {
        return session.find(Connection.class, id, LockModeType.PESSIMISTIC_WRITE)
                .onItem()
                .ifNull()
                .failWith(ProblemException::notFound);
    }

    private Uni<Void> log(Mutiny.Session session, AuditKind kind, Connection connection, String actor, Instant now) {
        return audit.add(session, about(kind, connection, actor, now));
    }

    private static AuditLine about(AuditKind kind, Connection connection, String actor, Instant now) {
        return AuditLine.about(kind, connection.tenantId, connection.id, connection.generation, actor, now);
    }

    private static String[] array(@Nullable List<String> values) {
        return values == null ? new String[0] : values.toArray(String[]::new);
    }
}
