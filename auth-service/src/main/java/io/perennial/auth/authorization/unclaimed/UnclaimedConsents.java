package io.perennial.auth.authorization.unclaimed;

import io.perennial.auth.application.AppView;
import io.perennial.auth.audit.AuditKind;
import io.perennial.auth.audit.AuditLine;
import io.perennial.auth.audit.AuditTrail;
import io.perennial.auth.authorization.page.Randomness;
import io.perennial.auth.persistence.Constraints;
import io.perennial.auth.persistence.Origin;
import io.perennial.auth.persistence.Transactions;
import io.perennial.auth.token.amazon.IssuedTokens;
import io.perennial.auth.token.amazon.Participation;
import io.perennial.auth.token.amazon.TokenAnswer.Fault;
import io.perennial.auth.vault.SealedWith;
import io.perennial.auth.vault.SealingPlace;
import io.perennial.auth.vault.SecretKind;
import io.perennial.auth.vault.TokenVault;
import io.perennial.clock.DomainClock;
import io.perennial.clock.TimeOrderedIds;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Reference;
import io.perennial.contracts.Region;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** The consents that nobody has claimed. They have no tenant: whoever reads them must be allowed to see every tenant. */
@ApplicationScoped
public class UnclaimedConsents {
    private static final String COLUMNS =
            """
            id, reference, app_id, provider, region, account_id, account_name, account_marketplaces, granted_at,
            claim_until
            """;

    private static final String ENDED = "ENDED";

    /** After these nobody knows what became of the code. */
    private static final Set<String> LEFT_OPEN = Stream.concat(
                    Stream.of("PROCESS_ENDED"),
                    Arrays.stream(Fault.values()).filter(Fault::leavesOpen).map(Fault::name))
            .collect(Collectors.toUnmodifiableSet());

    private final Pool pool;
    private final Transactions transactions;
    private final TokenVault vault;
    private final AuditTrail audit;
    private final Origin origin;
    private final UnclaimedConfig config;
    private final DomainClock clock;
    private final TimeOrderedIds ids;

    UnclaimedConsents(
            Pool pool,
            Transactions transactions,
            TokenVault vault,
            AuditTrail audit,
            Origin origin,
            UnclaimedConfig config,
            DomainClock clock,
            TimeOrderedIds ids) {
        this.pool = pool;
        this.transactions = transactions;
        this.vault = vault;
        this.audit = audit;
        this.origin = origin;
        this.config = config;
        this.clock = clock;
        this.ids = ids;
    }

    /** Who sets out to the provider. */
    public record Departure(
            AppView app, Region region, String accountId, String state, String browser, String locale, Duration life) {
        @Override
        public String toString() {
            return "Departure[" + region + "]";
        }
    }

    /** The tokens of a consent, for the connection that claims it. */
    public record Released(IssuedTokens tokens, Instant grantedAt) {}

    /**
     * Notes that a merchant sets out; false if too many are on their way from his browser, from his address, or in all.
     * Counted under a lock, so that no number of starts at a time gets past a limit.
     */
    public Uni<Boolean> depart(Departure departure) {
        UUID id = ids.next();
        Tuple values = Tuple.tuple()
                .addValue(id)
                .addValue(Reference.of(id))
                .addValue(Buffer.buffer(Randomness.hash(departure.state())))
                .addValue(Buffer.buffer(Randomness.hash(departure.browser())))
                .addValue(departure.app().id())
                .addValue(departure.app().provider().name())
                .addValue(departure.region().name())
                .addValue(departure.accountId())
                .addValue(departure.locale())
                .addValue(now())
                .addValue(now().plus(departure.life()))
                .addValue(origin.address())
                .addValue(config.maxOpen())
                .addValue(config.maxOpenOfBrowser())
                .addValue(config.maxOpenOfAddress());
        return pool.withTransaction(transaction -> transaction
                .query("select pg_advisory_xact_lock(hashtextextended('newcomers', 0))")
                .execute()
                .chain(() -> transaction
                        .preparedQuery(
                                """
                                insert into unclaimed_consent (id, reference, state_hash, browser_hash, app_id, provider,
                                    region, account_id, locale, status, started_at, expires_at, origin)
                                select $1, $2, $3, $4, $5, $6, $7, $8, $9, 'STARTED', $10, $11, $12
                                  from (select count(*) as in_all, count(*) filter (where browser_hash = $4) as of_browser,
                                               count(*) filter (where origin = $12) as of_address
                                          from unclaimed_consent
                                         where status = 'STARTED' and expires_at > $10) as waiting
                                 where in_all < $13 and of_browser < $14 and of_address < $15
                                """)
                        .execute(values))
                .map(rows -> rows.rowCount() == 1));
    }

    /** The merchant with this state; null if there is none. */
    public Uni<@Nullable Newcomer> ofState(String state) {
        return newcomer("state_hash = $1", Buffer.buffer(Randomness.hash(state)));
    }

    /** The merchant of an earlier callback; null if there is none. */
    public Uni<@Nullable Newcomer> newcomer(UUID id) {
        return newcomer("id = $1", id);
    }

    private Uni<@Nullable Newcomer> newcomer(String condition, Object value) {
        return pool.preparedQuery(
                        """
                        select id, app_id, provider, region, account_id, browser_hash, locale, status, started_at, expires_at
                          from unclaimed_consent where
                        """
                                + condition)
                .execute(Tuple.of(value))
                .map(rows -> rows.size() == 0 ? null : newcomer(rows.iterator().next()));
    }

    /** Spends the state: of any number of callbacks one gets true. */
    public Uni<Boolean> claim(Newcomer newcomer) {
        return pool.preparedQuery(
                        """
                        update unclaimed_consent
                           set status = 'EXCHANGING', exchanging_since = clock_timestamp(), origin = null
                         where id = $1 and status = 'STARTED' and expires_at > $2
                        """)
                .execute(Tuple.of(newcomer.id(), now()))
                .map(rows -> rows.rowCount() == 1);
    }

    /**
     * Seals and keeps what an exchange brought; an earlier consent of the account, still unclaimed, gives way. The code is
     * spent: nobody gets these tokens again.
     *
     * @return whether it is kept; false if it was held to have ended meanwhile
     */
    public Uni<Boolean> keep(Newcomer newcomer, IssuedTokens tokens, Instant grantedAt) {
        SealingPlace place = place(newcomer.id());
        return vault.key(place).chain(with -> vault.seal(tokens.refreshToken(), with, place)
                .chain(refresh -> vault.seal(tokens.accessToken(), with, place)
                        .chain(access -> keep(
                                newcomer,
                                Tuple.tuple()
                                        .addValue(newcomer.id())
                                        .addValue(utc(grantedAt))
                                        .addValue(utc(grantedAt.plus(config.life())))
                                        .addValue(with.tenantKeyId())
                                        .addValue(Buffer.buffer(with.dataKey()))
                                        .addValue(Buffer.buffer(refresh))
                                        .addValue(Buffer.buffer(access))
                                        .addValue(utc(grantedAt.plus(tokens.accessLife())))))));
    }

    private Uni<Boolean> keep(Newcomer newcomer, Tuple sealed) {
        return transactions
                .insistently(() -> pool.withTransaction(transaction -> transaction
                                .preparedQuery("select status from unclaimed_consent where id = $1 for update")
                                .execute(Tuple.of(newcomer.id()))
                                .map(rows -> rows.iterator().next().getString(0))
                                .chain(status -> status.equals(Stage.EXCHANGING.name())
                                        ? keep(transaction, newcomer, sealed).replaceWith(true)
                                        // A commit whose answer was lost has happened all the same.
                                        : Uni.createFrom().item(!status.equals(ENDED))))
                        // The same account came twice at once: the later consent is the one that counts.
                        .onFailure(failure -> Constraints.violates(failure, "unclaimed_consent_account"))
                        .retry()
                        .atMost(3))
                .call(kept -> kept
                        ? note(AuditKind.UNCLAIMED_STORED, "merchant", newcomer.id())
                        : Uni.createFrom().voidItem());
    }

    private static Uni<Void> keep(SqlConnection transaction, Newcomer newcomer, Tuple sealed) {
        return transaction
                .preparedQuery(
                        """
                        update unclaimed_consent
                           set status = 'ENDED', tenant_key_id = null, data_key = null, sealed_refresh_token = null,
                               sealed_access_token = null, access_expires_at = null
                         where app_id = $1 and region = $2 and account_id = $3 and status = 'WAITING'
                        """)
                .execute(Tuple.of(newcomer.app(), newcomer.region().name(), newcomer.accountId()))
                .chain(() -> transaction
                        .preparedQuery(
                                """
                                update unclaimed_consent
                                   set status = 'WAITING', granted_at = $2, claim_until = $3, tenant_key_id = $4,
                                       data_key = $5, sealed_refresh_token = $6, sealed_access_token = $7,
                                       access_expires_at = $8
                                 where id = $1
                                """)
                        .execute(sealed))
                .replaceWithVoid();
    }

    /** What the provider says about the store: helps an operator to find its connection. */
    public Uni<Void> describe(UUID id, Participation.Known store) {
        return pool.preparedQuery(
                        "update unclaimed_consent set account_name = $2, account_marketplaces = $3 where id = $1")
                .execute(Tuple.of(id, store.storeName(), store.marketplaces().toArray(String[]::new)))
                .replaceWithVoid();
    }

    /** Where a consent stands that has not ended. */
    public enum Stage {
        STARTED,
        EXCHANGING,
        WAITING
    }

    /** Nothing came of it while the merchant was under way, unless it has left that stage meanwhile. */
    public Uni<Void> end(UUID id, Stage stage, String reason) {
        return end(id, stage, reason, "merchant");
    }

    /** Nothing came of it, unless it has left that stage meanwhile; the trail tells who ended it. */
    public Uni<Void> end(UUID id, Stage stage, String reason, String actor) {
        return transactions.in(session -> session.createNativeQuery(
                        """
                        update unclaimed_consent
                           set status = 'ENDED', tenant_key_id = null, data_key = null, sealed_refresh_token = null,
                               sealed_access_token = null, access_expires_at = null, origin = null
                         where id = :id and status = :stage
                        """)
                .setParameter("id", id)
                .setParameter("stage", stage.name())
                .executeUpdate()
                .chain(ended -> ended == 1
                        ? noteEnd(session, id, reason, actor)
                        : Uni.createFrom().voidItem()));
    }

    private Uni<Void> noteEnd(Mutiny.Session session, UUID id, String reason, String actor) {
        AuditKind kind = LEFT_OPEN.contains(reason) ? AuditKind.EXCHANGE_UNKNOWN : AuditKind.UNCLAIMED_ENDED;
        return audit.add(session, AuditLine.general(kind, null, actor, id + " " + reason, clock.instant()));
    }

    /** Consents that wait, latest first. One more than the limit. */
    public Uni<List<Unclaimed>> waiting(@Nullable UUID before, int limit) {
        return pool.preparedQuery(
                        "select " + COLUMNS
                                + """
                          from unclaimed_consent
                         where status = 'WAITING' and claim_until > $1 and ($2::uuid is null or id < $2)
                         order by id desc limit $3
                        """)
                .execute(Tuple.of(now(), before, limit + 1))
                .map(UnclaimedConsents::views);
    }

    /** A consent that waits; null if it does not. */
    public Uni<@Nullable Unclaimed> find(UUID id) {
        return one(" where status = 'WAITING' and claim_until > $1 and id = $2", id);
    }

    /** The latest consent that was given in this browser and waits; null if none. */
    public Uni<@Nullable Unclaimed> ofBrowser(String browser) {
        return one(
                " where status = 'WAITING' and claim_until > $1 and browser_hash = $2 order by id desc limit 1",
                Buffer.buffer(Randomness.hash(browser)));
    }

    private Uni<@Nullable Unclaimed> one(String condition, Object value) {
        return pool.preparedQuery("select " + COLUMNS + " from unclaimed_consent" + condition)
                .execute(Tuple.of(now(), value))
                .map(rows -> rows.size() == 0 ? null : view(rows.iterator().next()));
    }

    /** The tokens of a consent that waits; null if it does not. They stay where they are until {@link #hand}. */
    public Uni<@Nullable Released> release(UUID id) {
        return pool.preparedQuery(
                        """
                        select tenant_key_id, data_key, sealed_refresh_token, sealed_access_token, access_expires_at,
                               granted_at
                          from unclaimed_consent where id = $1 and status = 'WAITING' and claim_until > $2
                        """)
                .execute(Tuple.of(id, now()))
                .chain(rows -> rows.size() == 0
                        ? Uni.createFrom().<Released>nullItem()
                        : release(id, rows.iterator().next()));
    }

    private Uni<Released> release(UUID id, Row row) {
        SealingPlace place = place(id);
        SealedWith with = new SealedWith(
                row.getUUID("tenant_key_id"), row.getBuffer("data_key").getBytes());
        Instant grantedAt = instant(row, "granted_at");
        Duration accessLife = Duration.between(grantedAt, instant(row, "access_expires_at"));
        return vault.openRefreshToken(row.getBuffer("sealed_refresh_token").getBytes(), with, place)
                .chain(refresh -> vault.openAccessToken(
                                row.getBuffer("sealed_access_token").getBytes(), with, place)
                        .map(access -> new Released(new IssuedTokens(access, refresh, accessLife), grantedAt)));
    }

    /** Hands a consent over, in the session's transaction; false if it was claimed, replaced or ended meanwhile. */
    public Uni<Boolean> hand(Mutiny.Session session, UUID id, UUID connectionId) {
        return session.createNativeQuery(
                        """
                        update unclaimed_consent
                           set status = 'CLAIMED', connection_id = :connection, tenant_key_id = null, data_key = null,
                               sealed_refresh_token = null, sealed_access_token = null, access_expires_at = null
                         where id = :id and status = 'WAITING'
                        """)
                .setParameter("id", id)
                .setParameter("connection", connectionId)
                .executeUpdate()
                .map(changed -> changed == 1);
    }

    /** A consent that is over, and why. */
    record Over(UUID id, Stage stage, String reason) {}

    /** What waited long enough, and what was left in the middle. */
    Uni<List<Over>> over(int limit) {
        return pool.preparedQuery(
                        """
                        select id, status,
                               case status when 'WAITING' then 'NOT_CLAIMED_IN_TIME' else 'PROCESS_ENDED' end as reason
                          from unclaimed_consent
                         where (status = 'WAITING' and claim_until <= $1)
                            or (status = 'EXCHANGING' and exchanging_since < clock_timestamp() - interval '1 minute')
                         limit $2
                        """)
                .execute(Tuple.of(now(), limit))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new Over(
                                row.getUUID("id"), Stage.valueOf(row.getString("status")), row.getString("reason")))
                        .toList());
    }

    /** Removes records that nobody will ask for: who never came back at once, the others after a while. */
    Uni<Integer> purge(Duration recordLife) {
        return pool.preparedQuery(
                        """
                        delete from unclaimed_consent
                         where (status = 'STARTED' and expires_at < $1)
                            or (status in ('CLAIMED', 'ENDED') and started_at < $2)
                        """)
                .execute(Tuple.of(now(), now().minus(recordLife)))
                .map(rows -> rows.rowCount());
    }

    /** How many wait. */
    Uni<Long> count() {
        return pool.query("select count(*) from unclaimed_consent where status = 'WAITING'")
                .execute()
                .map(rows -> rows.iterator().next().getLong(0));
    }

    /** Tells the audit trail that somebody else brought an answer to this merchant's state; once, however often it happens. */
    public Uni<Void> noteForeignBrowser(Newcomer newcomer) {
        AuditLine line = AuditLine.general(
                AuditKind.FOREIGN_BROWSER_REFUSED,
                null,
                "merchant",
                newcomer.id().toString(),
                clock.instant());
        return transactions.in(session -> session.createNativeQuery(
                        "select 1 from unclaimed_consent where id = :id for update", Integer.class)
                .setParameter("id", newcomer.id())
                .getSingleResultOrNull()
                .chain(there -> there == null
                        ? Uni.createFrom().voidItem()
                        : audit.addOnce(session, line, newcomer.startedAt())));
    }

    Uni<Void> note(AuditKind kind, String actor, UUID id) {
        return transactions.in(
                session -> audit.add(session, AuditLine.general(kind, null, actor, id.toString(), clock.instant())));
    }

    private static SealingPlace place(UUID id) {
        return new SealingPlace(SealingPlace.PLATFORM, id.toString(), 1, SecretKind.REFRESH_TOKEN);
    }

    private static Newcomer newcomer(Row row) {
        return new Newcomer(
                row.getUUID("id"),
                row.getUUID("app_id"),
                Provider.valueOf(row.getString("provider")),
                Region.valueOf(row.getString("region")),
                row.getString("account_id"),
                row.getBuffer("browser_hash").getBytes(),
                row.getString("locale"),
                row.getString("status").equals("STARTED"),
                instant(row, "started_at"),
                instant(row, "expires_at"));
    }

    private static List<Unclaimed> views(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(UnclaimedConsents::view)
                .toList();
    }

    private static Unclaimed view(Row row) {
        return new Unclaimed(
                row.getUUID("id"),
                row.getString("reference"),
                row.getUUID("app_id"),
                Provider.valueOf(row.getString("provider")),
                Region.valueOf(row.getString("region")),
                row.getString("account_id"),
                row.getString("account_name"),
                List.of(row.getArrayOfStrings("account_marketplaces")),
                instant(row, "granted_at"),
                instant(row, "claim_until"));
    }

    private OffsetDateTime now() {
        return utc(clock.instant());
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(Row row, String column) {
        return row.getOffsetDateTime(column).toInstant();
    }
}
