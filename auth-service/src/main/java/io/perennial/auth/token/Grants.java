package io.perennial.auth.token;

import io.perennial.auth.connection.GrantDisposal;
import io.perennial.auth.token.Grant.Status;
import io.perennial.auth.token.amazon.IssuedTokens;
import io.perennial.auth.vault.SealedWith;
import io.perennial.auth.vault.SealingPlace;
import io.perennial.auth.vault.SecretKind;
import io.perennial.auth.vault.TokenVault;
import io.perennial.clock.DomainClock;
import io.perennial.clock.TimeOrderedIds;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The grants with their sealed tokens.
 *
 * <p>Whoever changes one has locked its connection's row before, and reads it for update: nobody writes back a key that
 * another transaction has destroyed meanwhile, or a token that a refresh has replaced.
 */
@ApplicationScoped
public class Grants implements GrantDisposal {
    private static final Logger LOG = Logger.getLogger(Grants.class);

    /** A refused consent happened at the provider all the same: an operator may still want to know of it. */
    private static final Duration QUARANTINE = Duration.ofHours(24);

    private static final UUID NOBODY = new UUID(0, 0);

    private final TokenVault vault;
    private final DomainClock clock;
    private final TimeOrderedIds ids;
    private final Pool pool;

    Grants(TokenVault vault, DomainClock clock, TimeOrderedIds ids, Pool pool) {
        this.vault = vault;
        this.clock = clock;
        this.ids = ids;
        this.pool = pool;
    }

    /**
     * Whom a candidate would belong to.
     *
     * @param generation what the grant would become
     * @param accountId null as long as nobody knows
     */
    public record Holder(String tenantId, UUID connectionId, int generation, @Nullable String accountId) {}

    /** Whether tokens of a tenant can be sealed now; with the tenant's key in memory they still can in a moment. */
    public Uni<Boolean> canSeal(String tenantId) {
        return vault.key(place(tenantId, NOBODY, 0))
                .replaceWith(true)
                .onFailure()
                .recoverWithItem(failure -> {
                    LOG.errorf("Nothing can be sealed for tenant %s: %s", tenantId, failure.toString());
                    return false;
                });
    }

    /** Seals the tokens of an exchange. Done before the transaction that stores them. */
    public Uni<UnstoredGrant> seal(Holder holder, IssuedTokens tokens, Instant grantedAt) {
        SealingPlace place = place(holder.tenantId(), holder.connectionId(), holder.generation());
        return vault.key(place).chain(with -> vault.seal(tokens.refreshToken(), with, place)
                .chain(refresh -> vault.seal(tokens.accessToken(), with, place).map(access -> {
                    Grant grant = new Grant();
                    grant.id = ids.next();
                    grant.tenantId = holder.tenantId();
                    grant.connectionId = holder.connectionId();
                    grant.generation = holder.generation();
                    grant.status = Status.CANDIDATE;
                    grant.accountId = holder.accountId();
                    grant.grantedAt = grantedAt;
                    grant.tenantKeyId = with.tenantKeyId();
                    grant.dataKey = with.dataKey();
                    grant.sealedRefreshToken = refresh;
                    grant.sealedAccessToken = access;
                    grant.accessExpiresAt = grantedAt.plus(tokens.accessLife());
                    return new UnstoredGrant(grant);
                })));
    }

    /** Stores a sealed candidate in the session's transaction. */
    public Uni<UUID> store(Mutiny.Session session, UnstoredGrant candidate) {
        return session.persist(candidate.grant()).replaceWith(candidate.grant().id);
    }

    /** When a candidate was granted. */
    public Uni<Instant> grantedAt(Mutiny.Session session, UUID candidateId) {
        // Not the whole row: what was loaded before the lock would be taken for true after it.
        return session.createSelectionQuery("select grantedAt from Grant where id = :id", Instant.class)
                .setParameter("id", candidateId)
                .getSingleResult();
    }

    /** Makes a candidate the current grant and destroys the key of the one before. */
    public Uni<Void> promote(Mutiny.Session session, UUID connectionId, UUID candidateId, String accountId) {
        return ofConnection(session, connectionId, EnumSet.of(Status.CURRENT))
                .invoke(former -> former.forEach(grant -> grant.destroy(Status.SUPERSEDED)))
                // Flushed in between: at no moment may a connection have two current grants.
                .chain(() -> session.flush())
                .chain(() -> locked(session, candidateId))
                .invoke(candidate -> {
                    candidate.accountId = accountId;
                    candidate.status = Status.CURRENT;
                })
                .chain(() -> session.flush());
    }

    /**
     * Two consents may race for one generation. The provider may end the older one's token, so the younger one's is kept,
     * whichever was promoted first. Ids are given after the exchange and grow with time.
     *
     * @return whether the candidate took the current grant's place
     */
    public Uni<Boolean> replaceOlder(Mutiny.Session session, UUID connectionId, UUID candidateId) {
        return ofConnection(session, connectionId, EnumSet.of(Status.CURRENT))
                .chain(current -> locked(session, candidateId).chain(candidate -> {
                    boolean younger = current.size() == 1
                            && candidate.status == Status.CANDIDATE
                            && candidate.generation == current.get(0).generation
                            && Objects.equals(candidate.accountId, current.get(0).accountId)
                            && candidate.id.compareTo(current.get(0).id) > 0;
                    return younger
                            ? promote(session, connectionId, candidateId, current.get(0).accountId)
                                    .replaceWith(true)
                            : Uni.createFrom().item(false);
                }));
    }

    /** Puts a refused candidate away for a day. */
    public Uni<Void> quarantine(Mutiny.Session session, UUID candidateId) {
        return locked(session, candidateId)
                .invoke(grant -> {
                    // Disconnecting destroys candidates too.
                    if (grant.status == Status.CANDIDATE) {
                        grant.status = Status.QUARANTINED;
                        grant.keepUntil = clock.instant().plus(QUARANTINE);
                    }
                })
                .replaceWithVoid();
    }

    /** Destroys a candidate that is of no use. */
    public Uni<Void> destroy(Mutiny.Session session, UUID candidateId) {
        return locked(session, candidateId)
                .invoke(grant -> grant.destroy(Status.DESTROYED))
                .replaceWithVoid();
    }

    @Override
    public Uni<Void> destroyAll(Mutiny.Session session, UUID connectionId) {
        return ofConnection(session, connectionId, EnumSet.of(Status.CANDIDATE, Status.CURRENT, Status.QUARANTINED))
                .invoke(grants -> grants.forEach(grant -> grant.destroy(Status.DESTROYED)))
                .chain(() -> session.flush());
    }

    /** Destroys what was in quarantine long enough. */
    public Uni<Integer> purge() {
        return pool.preparedQuery(
                        """
                        update grant_record
                           set status = 'DESTROYED', data_key = null, tenant_key_id = null, sealed_refresh_token = null,
                               sealed_access_token = null, access_expires_at = null, keep_until = null
                         where status = 'QUARANTINED' and keep_until <= $1
                        """)
                .execute(Tuple.of(clock.instant().atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.rowCount());
    }

    private static Uni<Grant> locked(Mutiny.Session session, UUID id) {
        return session.find(Grant.class, id, LockModeType.PESSIMISTIC_WRITE);
    }

    private static Uni<List<Grant>> ofConnection(Mutiny.Session session, UUID connectionId, Set<Status> statuses) {
        return session.createSelectionQuery(
                        "from Grant where connectionId = :connection and status in (:statuses)", Grant.class)
                .setParameter("connection", connectionId)
                .setParameter("statuses", statuses)
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultList();
    }

    static SealingPlace place(String tenantId, UUID connectionId, int generation) {
        return new SealingPlace(tenantId, connectionId.toString(), generation, SecretKind.REFRESH_TOKEN);
    }

    static SealedWith with(UUID tenantKeyId, byte[] dataKey) {
        return new SealedWith(tenantKeyId, dataKey);
    }
}
