package io.perennial.auth.connection;

import io.perennial.auth.application.AppView;
import io.perennial.auth.application.Apps;
import io.perennial.auth.audit.AuditKind;
import io.perennial.auth.connection.lifecycle.ConnectionLifecycle;
import io.perennial.auth.connection.lifecycle.ConnectionLifecycle.Happening;
import io.perennial.auth.connection.lifecycle.ConnectionLifecycle.Moves;
import io.perennial.auth.connection.request.ConnectionChange;
import io.perennial.auth.connection.request.ConnectionFilter;
import io.perennial.auth.connection.request.ContactRequest;
import io.perennial.auth.connection.request.NewConnection;
import io.perennial.auth.persistence.Constraints;
import io.perennial.auth.persistence.Transactions;
import io.perennial.auth.tenant.Tenants;
import io.perennial.clock.DomainClock;
import io.perennial.clock.TimeOrderedIds;
import io.perennial.contracts.ConnectionCreated;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.EndsAtSource;
import io.perennial.contracts.Reference;
import io.perennial.contracts.Region;
import io.perennial.problem.ProblemException;
import io.perennial.problem.StandardProblem;
import io.perennial.service.IdempotencyKey;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The connections: found, created, changed and given up.
 *
 * <p>Each change locks the connection's row first; its event and the published state commit with it.
 */
@ApplicationScoped
public class Connections {
    private final ConnectionReader reader;
    private final Transactions transactions;
    private final Announcements announcements;
    private final Tenants tenants;
    private final Apps apps;
    private final GrantDisposal grants;
    private final ConnectionMoves moves;
    private final DomainClock clock;
    private final TimeOrderedIds ids;

    Connections(
            ConnectionReader reader,
            Transactions transactions,
            Announcements announcements,
            Tenants tenants,
            Apps apps,
            GrantDisposal grants,
            ConnectionMoves moves,
            DomainClock clock,
            TimeOrderedIds ids) {
        this.reader = reader;
        this.transactions = transactions;
        this.announcements = announcements;
        this.tenants = tenants;
        this.apps = apps;
        this.grants = grants;
        this.moves = moves;
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

    /** Whoever holds an account through one of the applications; who needs a consent most comes first. */
    public Uni<List<ConnectionView>> holding(Collection<UUID> apps, Region region, String account) {
        return reader.holding(apps, region, account);
    }

    Uni<List<ConnectionView>> list(ConnectionFilter filter, String @Nullable [] visible) {
        return reader.list(filter, visible);
    }

    Uni<ConnectionView> create(NewConnection request, String actor, @Nullable IdempotencyKey key) {
        return replay(actor, Objects.requireNonNull(request.tenantId()), key)
                .chain(known -> known != null ? Uni.createFrom().item(known) : insert(request, actor, key));
    }

    private Uni<ConnectionView> insert(NewConnection request, String actor, @Nullable IdempotencyKey key) {
        String tenantId = Objects.requireNonNull(request.tenantId());
        return apps.choose(request.app(), Objects.requireNonNull(request.provider()))
                .call(() -> tenants.ensure(tenantId))
                .map(app -> fresh(request, app, actor, key))
                .chain(this::persist)
                .chain(this::get)
                // The same request at the same moment meets both; which one the database names is its affair.
                .onFailure(failure -> Constraints.violates(failure, "connection_idempotency")
                        || Constraints.violates(failure, "connection_external_id"))
                .recoverWithUni(() -> replay(actor, tenantId, key))
                .onItem()
                .ifNull()
                .failWith(() -> new ProblemException(
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
                        .chain(() -> moves.log(
                                session, AuditKind.CONNECTION_CREATED, connection, connection.createdBy, now)))
                .replaceWith(connection.id);
    }

    private Uni<@Nullable ConnectionView> replay(String actor, String tenantId, @Nullable IdempotencyKey key) {
        if (key == null) {
            return Uni.createFrom().nullItem();
        }
        return reader.created(actor, tenantId, key.key()).map(created -> {
            if (created == null) {
                return null;
            }
            key.requireSameRequest(created.requestHash());
            return created.connection();
        });
    }

    Uni<ConnectionView> change(UUID id, ConnectionChange change, String actor, String @Nullable [] visible) {
        return get(id, visible)
                .chain(() -> transactions.in(
                        session -> ConnectionMoves.lock(session, id).chain(connection -> {
                            if (connection.state == ConnectionStatus.DISCONNECTED) {
                                throw new ProblemException(StandardProblem.CONFLICT, "The connection was given up.");
                            }
                            change.checkFor(connection.region, connection.generation > 0);
                            Instant formerEnd = connection.endsAt;
                            Instant now = clock.instant();
                            apply(connection, change, now);
                            return announcements
                                    .publishChange(session, connection, connection.changed(now, null), now)
                                    .chain(() ->
                                            moves.log(session, AuditKind.CONNECTION_UPDATED, connection, actor, now))
                                    .chain(() -> change.endsAt() == null
                                            ? Uni.createFrom().voidItem()
                                            : moves.logCorrection(session, connection, formerEnd, actor, now));
                        })))
                .chain(() -> get(id));
    }

    private void apply(Connection connection, ConnectionChange change, Instant now) {
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
            if (connection.state == ConnectionStatus.OVERDUE && !connection.endReached(now)) {
                // it is active again once Amazon has said that it works
                connection.nextProbeAt = now;
            }
        }
        if (Boolean.TRUE.equals(change.trustNextConsent())) {
            connection.trustNextConsent = true;
        }
        connection.updatedAt = now;
    }

    Uni<Void> disconnect(UUID id, String actor, String @Nullable [] visible) {
        return get(id, visible)
                .chain(() -> transactions.in(
                        session -> ConnectionMoves.lock(session, id).chain(connection -> {
                            if (!(ConnectionLifecycle.decide(connection.state, Happening.DISCONNECT)
                                    instanceof Moves next)) {
                                return Uni.createFrom().voidItem();
                            }
                            Instant now = clock.instant();
                            // Nobody is written to about it any more.
                            connection.contacts = ConnectionReader.json(List.of());
                            return grants.destroyAll(session, id)
                                    .chain(() -> moves.move(session, connection, next, actor, now));
                        })));
    }

    private static String[] array(@Nullable List<String> values) {
        return values == null ? new String[0] : values.toArray(String[]::new);
    }
}
