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

    /** How many attempts of a connection wait for their callback. */
    Uni<Long> open(UUID connectionId) {
        return pool.preparedQuery(
                        """
                        select count(*) from authorization_request
                         where connection_id = $1 and status = 'STARTED' and expires_at > $2
                        """)
                .execute(Tuple.of(connectionId, now()))
                .map(rows -> rows.iterator().next().getLong(0));
    }

    Uni<Void> start(AuthorizationRequest request) {
        AuditLine line =
                line(AuditKind.AUTHORIZATION_STARTED, request.tenantId, request.connectionId, request.generation);
        return transactions.in(session -> session.persist(request).chain(() -> audit.add(session, line)));
    }

    /** The attempt with this state; null if there is none. */
    Uni<@Nullable Attempt> ofState(String state) {
        return one("state_hash", Buffer.buffer(Randomness.hash(state)));
    }

    /** The attempt with this id; null if there is none. */
    Uni<@Nullable Attempt> find(UUID id) {
        return one("id", id);
    }

    private Uni<@Nullable Attempt> one(String column, Object value) {
        return pool.preparedQuery("select " + COLUMNS + " from authorization_request where " + column + " = $1")
                .execute(Tuple.of(value))
                .map(rows -> {
                    List<Attempt> found = attempts(rows);
                    return found.isEmpty() ? null : found.get(0);
                });
    }

    /** Spends the state: of any number of callbacks one gets true. */
    Uni<Boolean> claim(Attempt attempt) {
        return pool.preparedQuery(
                        """
                        update authorization_request set status = 'EXCHANGING', claimed_at = clock_timestamp()
                         where id = $1 and status = 'STARTED' and expires_at > $2
                        """)
                .execute(Tuple.of(attempt.id(), now()))
                .map(rows -> rows.rowCount() == 1);
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

    /** Adds a line to the audit trail that changes nothing. */
    Uni<Void> note(AuditKind kind, Attempt attempt) {
        return transactions.in(session -> audit.add(session, line(kind, attempt)));
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

    /** Attempts that nobody answered, or that were left in the middle. */
    Uni<List<Attempt>> forgotten(int limit, Duration decisionLife) {
        return pool.preparedQuery(
                        "select " + COLUMNS
                                + """
                                   from authorization_request
                                  where (status = 'STARTED' and expires_at <= $1)
                                     or (status = 'EXCHANGING' and claimed_at < clock_timestamp() - interval '1 minute')
                                     or (status in ('AWAITING_CONFIRMATION', 'CHECKING') and started_at <= $2)
                                  limit $3
                                  """)
                .execute(Tuple.of(now(), now().minus(decisionLife), limit))
                .map(AuthorizationRequests::attempts);
    }

    /** Removes records that nobody will ask for. */
    Uni<Integer> purge(Duration recordLife, int limit) {
        return pool.preparedQuery(
                        """
                        delete from authorization_request
                         where id in (select id from authorization_request
                                       where started_at < $1
                                         and status not in ('STARTED', 'EXCHANGING', 'CHECKING', 'AWAITING_CONFIRMATION')
                                       limit $2)
                        """)
                .execute(Tuple.of(now().minus(recordLife), limit))
                .map(rows -> rows.rowCount());
    }

    AuditLine line(AuditKind kind, Attempt attempt) {
        return line(kind, attempt.tenantId(), attempt.connectionId(), attempt.generation());
    }

    private AuditLine line(AuditKind kind, String tenantId, UUID connectionId, int generation) {
        return AuditLine.about(kind, tenantId, connectionId, generation, "merchant", clock.instant());
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
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
