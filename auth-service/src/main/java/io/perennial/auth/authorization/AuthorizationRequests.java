package io.perennial.auth.authorization;

import io.perennial.auth.audit.AuditKind;
import io.perennial.auth.audit.AuditLine;
import io.perennial.auth.audit.AuditTrail;
import io.perennial.auth.authorization.page.Randomness;
import io.perennial.auth.persistence.Transactions;
import io.perennial.clock.DomainClock;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.StreamSupport;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** The attempts to authorize. */
@ApplicationScoped
class AuthorizationRequests {
    private static final String COLUMNS =
            """
            id, browser_hash, link_id, tenant_id, connection_id, generation, region, app_id, way, locale, status,
            started_at, expires_at, grant_id, account_id, account_name, account_marketplaces, reason, attempts,
            (select provider from connection c where c.id = connection_id) as provider
            """;

    /** Whether an outage or an operator keeps the provider of an attempt {@code r} from being asked. */
    private static final String NOT_TO_BE_ASKED =
            """
            exists (select from app a left join provider_health h on h.app_id = a.id and h.region = r.region
                     where a.id = r.app_id and (a.suspended_at is not null or h.reason is not null))
            """;

    private static final String MERCHANT = "merchant";

    private final Pool pool;
    private final Transactions transactions;
    private final AuditTrail audit;
    private final DomainClock clock;

    AuthorizationRequests(Pool pool, Transactions transactions, AuditTrail audit, DomainClock clock) {
        this.pool = pool;
        this.transactions = transactions;
        this.audit = audit;
        this.clock = clock;
    }

    /** How many attempts of one connection may wait for their callback: those of its links, and as many of the login ways. */
    record Most(int ofBrowser, int ofConnection) {
        boolean allow(Waiting waiting) {
            return waiting.ofBrowser() < ofBrowser && waiting.inAll() < ofConnection;
        }
    }

    /** What waits of one connection and came in the same kind of way. */
    private record Waiting(long inAll, long ofBrowser) {}

    /** Whether one more attempt may set out, as far as can be told without a lock. */
    Uni<Boolean> mayStart(UUID connectionId, @Nullable UUID linkId, byte[] browserHash, Most most) {
        return pool.preparedQuery(
                        """
                        select count(*), count(*) filter (where browser_hash = $4)
                          from authorization_request
                         where connection_id = $1 and status = 'STARTED' and expires_at > $2
                           and (link_id is null) = $3
                        """)
                .execute(Tuple.of(connectionId, now(), linkId == null, Buffer.buffer(browserHash)))
                .map(rows -> rows.iterator().next())
                .map(row -> most.allow(new Waiting(row.getLong(0), row.getLong(1))));
    }

    /**
     * Stores an attempt, unless too many wait already. Counted under a lock, so that no number of starts at a time gets past
     * the limit. Anybody who knows a seller's id may start by the login ways: they have a number of their own, and never use
     * up what a link needs. Only the first of those that wait leaves a line in the trail, which nothing shortens.
     *
     * @return whether it was stored
     */
    Uni<Boolean> start(AuthorizationRequest request, Most most) {
        return transactions.in(session -> session.createNativeQuery(
                        "select 1 from pg_advisory_xact_lock(hashtextextended(?1, 0))", Integer.class)
                .setParameter(1, "start " + request.connectionId)
                .getSingleResult()
                .chain(() -> waiting(session, request))
                .chain(waiting -> !most.allow(waiting)
                        ? Uni.createFrom().item(false)
                        : session.persist(request)
                                .chain(() -> waiting.inAll() == 0
                                        ? audit.add(session, started(request))
                                        : Uni.createFrom().voidItem())
                                .replaceWith(true)));
    }

    private Uni<Waiting> waiting(Mutiny.Session session, AuthorizationRequest request) {
        return session.createSelectionQuery(
                        "select count(r), count(case when r.browserHash = :browser then 1 end)"
                                + " from AuthorizationRequest r where r.connectionId = :connection"
                                + " and r.status = :started and r.expiresAt > :now and r.linkId is "
                                + (request.linkId == null ? "null" : "not null"),
                        Object[].class)
                .setParameter("browser", request.browserHash)
                .setParameter("connection", request.connectionId)
                .setParameter("started", AuthorizationStatus.STARTED)
                .setParameter("now", clock.instant())
                .getSingleResult()
                .map(counts -> new Waiting((Long) counts[0], (Long) counts[1]));
    }

    private AuditLine started(AuthorizationRequest request) {
        return AuditLine.about(
                AuditKind.AUTHORIZATION_STARTED,
                request.tenantId,
                request.connectionId,
                request.generation,
                MERCHANT,
                clock.instant());
    }

    /** The attempt with this state; null if there is none. */
    Uni<@Nullable Attempt> ofState(String state) {
        return one("state_hash", Buffer.buffer(Randomness.hash(state)));
    }

    /** The attempt with this id; null if there is none. */
    Uni<@Nullable Attempt> find(UUID id) {
        return one("id", id);
    }

    /** The attempt with this id, if the tenants may see it; null stands for all tenants. */
    Uni<@Nullable Attempt> find(UUID id, String @Nullable [] tenants) {
        return pool.preparedQuery(
                        "select " + COLUMNS
                                + """
                                   from authorization_request
                                  where id = $1 and ($2::text[] is null or tenant_id = any($2))
                                  """)
                .execute(Tuple.tuple().addValue(id).addValue(tenants))
                .map(AuthorizationRequests::first);
    }

    private Uni<@Nullable Attempt> one(String column, Object value) {
        return pool.preparedQuery("select " + COLUMNS + " from authorization_request where " + column + " = $1")
                .execute(Tuple.of(value))
                .map(AuthorizationRequests::first);
    }

    /** Whether another consent for the connection is being exchanged, or checked and not refused so far. */
    Uni<Boolean> hasRival(Attempt attempt) {
        return pool.preparedQuery(
                        """
                        select exists (select 1 from authorization_request
                                        where connection_id = $1 and id <> $2
                                          and (status = 'EXCHANGING' or (status = 'CHECKING' and reason is null)))
                        """)
                .execute(Tuple.of(attempt.connectionId(), attempt.id()))
                .map(rows -> rows.iterator().next().getBoolean(0));
    }

    /** Spends the state: of any number of callbacks one gets the attempt as it is now, the others null. */
    Uni<@Nullable Attempt> claim(Attempt attempt) {
        return pool.preparedQuery(
                        """
                        update authorization_request set status = 'EXCHANGING', claimed_at = clock_timestamp()
                         where id = $1 and status = 'STARTED' and expires_at > $2
                        returning
                        """
                                + COLUMNS)
                .execute(Tuple.of(attempt.id(), now()))
                .map(AuthorizationRequests::first);
    }

    /** Changes an attempt that still has that status, with its row locked; false if it was decided meanwhile. */
    Uni<Boolean> change(
            UUID id, AuthorizationStatus expected, BiFunction<Mutiny.Session, AuthorizationRequest, Uni<Void>> work) {
        return transactions.in(session -> session.find(AuthorizationRequest.class, id, LockModeType.PESSIMISTIC_WRITE)
                .chain(request -> request == null || request.status != expected
                        ? Uni.createFrom().item(false)
                        : work.apply(session, request).replaceWith(true)));
    }

    /** Closes an attempt and says why in the audit trail. */
    Uni<Boolean> close(Attempt attempt, AuthorizationStatus as, AuditKind kind, @Nullable String reason) {
        return change(attempt.id(), attempt.status(), (session, request) -> {
            request.status = as;
            request.nextAttemptAt = null;
            return audit.add(session, line(kind, attempt).because(reason));
        });
    }

    /** Adds a line to the audit trail that changes nothing: one for each attempt and reason, however often it happens. */
    Uni<Void> note(AuditKind kind, Attempt attempt, @Nullable String reason) {
        return change(
                        attempt.id(),
                        attempt.status(),
                        (session, request) ->
                                audit.addOnce(session, line(kind, attempt).because(reason), attempt.startedAt()))
                .replaceWithVoid();
    }

    /** Candidates that are due for another try; they are not due again for a while. */
    Uni<List<Attempt>> claimDue(int limit, Duration pause) {
        return pool.preparedQuery(
                        """
                        with due as (
                            select id from authorization_request
                             where next_attempt_at <= $1 and status = 'CHECKING'
                             order by next_attempt_at limit $2
                               for update skip locked
                        )
                        update authorization_request r
                           set next_attempt_at = $3, attempts = attempts + 1
                          from due
                         where r.id = due.id
                        returning r.id, browser_hash, link_id, tenant_id, connection_id, generation, region, app_id,
                                  way, locale, status, started_at, expires_at, grant_id, account_id, account_name,
                                  account_marketplaces, reason, attempts,
                                  (select provider from connection c where c.id = r.connection_id) as provider
                        """)
                .execute(Tuple.of(now(), limit, now().plus(pause)))
                .map(AuthorizationRequests::attempts);
    }

    /**
     * Removes an attempt that nobody answered if a later one of its connection tells the story: starting again and again
     * leaves one row.
     *
     * @return whether it was removed
     */
    Uni<Boolean> dropUnlessLast(Attempt attempt) {
        return pool.preparedQuery(
                        """
                        delete from authorization_request r
                         where id = $1 and status = 'STARTED'
                           and exists (select 1 from authorization_request l
                                        where l.connection_id = r.connection_id
                                          and (l.started_at, l.id) > (r.started_at, r.id))
                        """)
                .execute(Tuple.of(attempt.id()))
                .map(rows -> rows.rowCount() == 1);
    }

    /** Removes what is left of attempts before this one that were abandoned too. */
    Uni<Void> forgetEarlier(Attempt attempt) {
        return pool.preparedQuery(
                        """
                        delete from authorization_request
                         where connection_id = $1 and status = 'ABANDONED' and grant_id is null and started_at < $2
                        """)
                .execute(Tuple.of(attempt.connectionId(), attempt.startedAt().atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }

    /** Consents that wait for an operator, longest first; one more than the limit if there is a next page. */
    Uni<List<Attempt>> awaitingReview(String @Nullable [] tenants, @Nullable UUID after, int limit) {
        return pool.preparedQuery(
                        "select " + COLUMNS
                                + """
                                   from authorization_request
                                  where status = 'AWAITING_REVIEW' and ($1::text[] is null or tenant_id = any($1))
                                    and ($2::uuid is null or id > $2)
                                  order by id limit $3
                                  """)
                .execute(Tuple.tuple().addValue(tenants).addValue(after).addValue(limit + 1))
                .map(AuthorizationRequests::attempts);
    }

    /** How long what may be left in the middle. */
    record Patience(Duration decision, Duration review) {}

    /**
     * Notes of candidates, before they are too old, that nobody may ask their provider: they are not given up for that, and
     * have at least half of their time left when it may be asked again.
     */
    Uni<Void> holdUp(Patience patience) {
        return pool.preparedQuery(
                        """
                        update authorization_request set held_up_until = $1
                         where id in (select r.id from authorization_request r
                                       where r.status = 'CHECKING' and r.started_at <= $2
                                         and coalesce(r.held_up_until, r.started_at) <= $2
                                         and %s
                                         for update skip locked)
                        """
                                .formatted(NOT_TO_BE_ASKED))
                .execute(Tuple.of(now(), now().minus(patience.decision().dividedBy(2))))
                .replaceWithVoid();
    }

    /**
     * Attempts that nobody answered, or that were left in the middle; consents that wait for an operator although another
     * one of their connection does now.
     */
    Uni<List<Attempt>> forgotten(int limit, Patience patience) {
        return pool.preparedQuery("select " + COLUMNS
                        + """
                                   from authorization_request r
                                  where (status = 'STARTED' and expires_at <= $1)
                                     or (status = 'EXCHANGING' and claimed_at < clock_timestamp() - interval '1 minute')
                                     or (status = 'AWAITING_CONFIRMATION' and started_at <= $2)
                                     or (status = 'CHECKING' and started_at <= $2
                                         and coalesce(held_up_until, started_at) <= $2 and not %s)
                                     or (status = 'AWAITING_REVIEW'
                                         and (started_at <= $3
                                              or id is distinct from (select consent_review from connection c
                                                                       where c.id = connection_id)))
                                  limit $4
                                  """
                                .formatted(NOT_TO_BE_ASKED))
                .execute(Tuple.of(now(), now().minus(patience.decision()), now().minus(patience.review()), limit))
                .map(AuthorizationRequests::attempts);
    }

    /** Removes records that nobody will ask for. */
    Uni<Integer> purge(Duration recordLife, int limit) {
        return pool.preparedQuery(
                        """
                        delete from authorization_request
                         where id in (select id from authorization_request
                                       where started_at < $1
                                         and status not in ('STARTED', 'EXCHANGING', 'CHECKING',
                                                            'AWAITING_CONFIRMATION', 'AWAITING_REVIEW')
                                       limit $2)
                        """)
                .execute(Tuple.of(now().minus(recordLife), limit))
                .map(rows -> rows.rowCount());
    }

    AuditLine line(AuditKind kind, Attempt attempt) {
        return line(kind, attempt, MERCHANT);
    }

    /** A line about what somebody else than the merchant did. */
    AuditLine line(AuditKind kind, Attempt attempt, String actor) {
        return AuditLine.about(
                kind, attempt.tenantId(), attempt.connectionId(), attempt.generation(), actor, clock.instant());
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private static @Nullable Attempt first(RowSet<Row> rows) {
        List<Attempt> found = attempts(rows);
        return found.isEmpty() ? null : found.get(0);
    }

    private static List<Attempt> attempts(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(AuthorizationRequests::attempt)
                .toList();
    }

    private static Attempt attempt(Row row) {
        return new Attempt(
                row.getUUID("id"),
                row.getBuffer("browser_hash").getBytes(),
                row.getUUID("link_id"),
                row.getString("tenant_id"),
                row.getUUID("connection_id"),
                row.getInteger("generation"),
                Provider.valueOf(row.getString("provider")),
                Region.valueOf(row.getString("region")),
                row.getUUID("app_id"),
                AuthorizationWay.valueOf(row.getString("way")),
                row.getString("locale"),
                AuthorizationStatus.valueOf(row.getString("status")),
                instant(row, "started_at"),
                instant(row, "expires_at"),
                row.getUUID("grant_id"),
                row.getString("account_id"),
                row.getString("account_name"),
                List.of(row.getArrayOfStrings("account_marketplaces")),
                row.getString("reason"),
                row.getInteger("attempts"));
    }

    private static Instant instant(Row row, String column) {
        return row.getOffsetDateTime(column).toInstant();
    }
}
