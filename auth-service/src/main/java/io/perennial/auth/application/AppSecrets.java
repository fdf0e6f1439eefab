package io.perennial.auth.application;

import io.perennial.auth.audit.AuditKind;
import io.perennial.auth.audit.AuditLine;
import io.perennial.auth.audit.AuditTrail;
import io.perennial.auth.persistence.Constraints;
import io.perennial.auth.persistence.Transactions;
import io.perennial.auth.vault.SealedWith;
import io.perennial.auth.vault.SealingPlace;
import io.perennial.auth.vault.SecretKind;
import io.perennial.auth.vault.TokenVault;
import io.perennial.clock.DomainClock;
import io.perennial.clock.TimeOrderedIds;
import io.perennial.problem.ProblemException;
import io.perennial.problem.StandardProblem;
import io.perennial.secret.ClientSecret;
import io.perennial.service.IdempotencyKey;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * The client secrets of the applications: at most two of each are good, so that a rotation at the provider interrupts
 * nothing. They go in here and come out only for the token client.
 */
@ApplicationScoped
class AppSecrets {
    private static final int GOOD_AT_A_TIME = 2;

    /** The columns of a secret that {@link #usable} reads, under the name {@code s}. */
    static final String COLUMNS = "s.version, s.tenant_key_id, s.data_key, s.sealed, s.expires_at";

    private final Pool pool;
    private final Transactions transactions;
    private final TokenVault vault;
    private final AuditTrail audit;
    private final SecretsConfig config;
    private final DomainClock clock;
    private final TimeOrderedIds ids;

    AppSecrets(
            Pool pool,
            Transactions transactions,
            TokenVault vault,
            AuditTrail audit,
            SecretsConfig config,
            DomainClock clock,
            TimeOrderedIds ids) {
        this.pool = pool;
        this.transactions = transactions;
        this.vault = vault;
        this.audit = audit;
        this.config = config;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Those that may be good. The newest is among them even after its recorded end: it may be wrong.
     *
     * @param rows the two newest, newest first
     */
    Uni<List<ClientSecret>> usable(UUID app, RowSet<Row> rows) {
        return Multi.createFrom()
                .iterable(StreamSupport.stream(rows.spliterator(), false)
                        .filter(row -> isNewest(row, rows.iterator().next()) || isGood(row))
                        .toList())
                .onItem()
                .transformToUniAndConcatenate(row -> open(app, row))
                .collect()
                .asList();
    }

    private static boolean isNewest(Row row, Row newest) {
        return row.getInteger("version").equals(newest.getInteger("version"));
    }

    private boolean isGood(Row row) {
        return clock.instant().isBefore(row.getOffsetDateTime("expires_at").toInstant());
    }

    private Uni<ClientSecret> open(UUID app, Row row) {
        return vault.openClientSecret(
                row.getBuffer("sealed").getBytes(),
                new SealedWith(
                        row.getUUID("tenant_key_id"), row.getBuffer("data_key").getBytes()),
                place(app, row.getInteger("version")));
    }

    /** What is recorded about them, newest first. */
    Uni<List<SecretView>> list(UUID app) {
        return pool.preparedQuery(
                        "select version, added_at, added_by, expires_at from app_secret where app_id = $1 order by version desc")
                .execute(Tuple.of(app))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new SecretView(
                                row.getInteger("version"),
                                row.getOffsetDateTime("added_at").toInstant(),
                                row.getString("added_by"),
                                row.getOffsetDateTime("expires_at").toInstant()))
                        .toList());
    }

    /** Applications whose newest secret ends before {@code end}, the first to end first. */
    Uni<List<EndingSecret>> ending(Instant end) {
        return pool.preparedQuery(
                        """
                        select a.id, a.name, s.version, s.expires_at
                          from app a
                         cross join lateral (select version, expires_at from app_secret
                                              where app_id = a.id order by version desc limit 1) s
                         where s.expires_at < $1
                         order by s.expires_at, a.name
                        """)
                .execute(Tuple.of(end.atOffset(ZoneOffset.UTC)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new EndingSecret(
                                row.getUUID("id"),
                                row.getString("name"),
                                row.getInteger("version"),
                                row.getOffsetDateTime("expires_at").toInstant()))
                        .toList());
    }

    /** Adds a secret made at the provider; the one before it stays good for the overlap. */
    Uni<SecretView> add(UUID app, SecretRequest request, String actor, @Nullable IdempotencyKey key) {
        return replay(actor, key)
                .chain(known -> known != null
                        ? Uni.createFrom().item(known)
                        : transactions.in(session -> lock(session, app)
                                .chain(() -> store(session, app, request, actor, key))
                                .call(() -> log(session, AuditKind.APP_SECRET_ADDED, app, actor))
                                .map(SecretView::of)))
                .onFailure(failure -> Constraints.violates(failure, "app_secret_idempotency"))
                .recoverWithUni(() -> replay(actor, key).map(Objects::requireNonNull));
    }

    /** Stores a secret in the session's transaction; the application's row is locked or new. */
    Uni<AppSecret> store(
            Mutiny.Session session, UUID app, SecretRequest request, String actor, @Nullable IdempotencyKey key) {
        Instant now = clock.instant();
        return ofApp(session, app)
                .chain(former -> seal(app, former.isEmpty() ? 1 : former.get(0).version + 1, request)
                        .invoke(secret -> {
                            secret.addedAt = now;
                            secret.addedBy = actor;
                            secret.expiresAt =
                                    request.expiresAt() == null ? now.plus(config.life()) : request.expiresAt();
                            if (key != null) {
                                secret.idempotencyKey = key.key();
                                secret.requestHash = key.requestHash();
                            }
                        })
                        .call(() -> retire(session, former, request, now)))
                .call(secret -> session.persist(secret))
                .call(() -> session.flush());
    }

    private Uni<Void> retire(Mutiny.Session session, List<AppSecret> former, SecretRequest request, Instant now) {
        if (former.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        AppSecret latest = former.get(0);
        Instant end = request.formerExpiresAt() == null ? now.plus(config.overlap()) : request.formerExpiresAt();
        latest.expiresAt = end.isBefore(latest.expiresAt) ? end : latest.expiresAt;
        return session.removeAll(former.stream().skip(GOOD_AT_A_TIME - 1).toArray());
    }

    private Uni<AppSecret> seal(UUID app, int version, SecretRequest request) {
        SealingPlace place = place(app, version);
        ClientSecret text = new ClientSecret(String.valueOf(request.clientSecret()));
        return vault.key(place).chain(with -> vault.seal(text, with, place).map(cipher -> {
            AppSecret secret = new AppSecret();
            secret.id = ids.next();
            secret.appId = app;
            secret.version = version;
            secret.tenantKeyId = with.tenantKeyId();
            secret.dataKey = with.dataKey();
            secret.sealed = cipher;
            return secret;
        }));
    }

    /** Withdraws a secret, a leaked one for example: it is gone with its key. The last one can not be withdrawn. */
    Uni<Void> withdraw(UUID app, int version, String actor) {
        return transactions.in(session -> lock(session, app)
                .chain(() -> ofApp(session, app))
                .chain(secrets -> {
                    AppSecret secret = secrets.stream()
                            .filter(one -> one.version == version)
                            .findFirst()
                            .orElseThrow(ProblemException::notFound);
                    if (secrets.size() == 1) {
                        throw new ProblemException(
                                StandardProblem.CONFLICT, "The only secret can not be withdrawn; add another first.");
                    }
                    return session.remove(secret).chain(() -> session.flush());
                })
                .chain(() -> log(session, AuditKind.APP_SECRET_WITHDRAWN, app, actor)));
    }

    private Uni<@Nullable SecretView> replay(String actor, @Nullable IdempotencyKey key) {
        if (key == null) {
            return Uni.createFrom().nullItem();
        }
        return pool.preparedQuery(
                        """
                        select version, added_at, added_by, expires_at, request_hash from app_secret
                         where added_by = $1 and idempotency_key = $2
                        """)
                .execute(Tuple.of(actor, key.key()))
                .map(rows -> {
                    if (rows.size() == 0) {
                        return null;
                    }
                    Row row = rows.iterator().next();
                    key.requireSameRequest(row.getString("request_hash"));
                    return new SecretView(
                            row.getInteger("version"),
                            row.getOffsetDateTime("added_at").toInstant(),
                            row.getString("added_by"),
                            row.getOffsetDateTime("expires_at").toInstant());
                });
    }

    private static Uni<App> lock(Mutiny.Session session, UUID app) {
        return session.find(App.class, app, LockModeType.PESSIMISTIC_WRITE)
                .onItem()
                .ifNull()
                .failWith(ProblemException::notFound);
    }

    private static Uni<List<AppSecret>> ofApp(Mutiny.Session session, UUID app) {
        return session.createSelectionQuery("from AppSecret where appId = :app order by version desc", AppSecret.class)
                .setParameter("app", app)
                .getResultList();
    }

    private Uni<Void> log(Mutiny.Session session, AuditKind kind, UUID app, String actor) {
        return audit.add(session, AuditLine.general(kind, null, actor, app.toString(), clock.instant()));
    }

    private static SealingPlace place(UUID app, int version) {
        return new SealingPlace(SealingPlace.PLATFORM, app.toString(), version, SecretKind.CLIENT_SECRET);
    }
}
