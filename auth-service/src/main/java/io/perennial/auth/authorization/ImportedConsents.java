package io.perennial.auth.authorization;

import io.perennial.auth.audit.AuditKind;
import io.perennial.auth.audit.AuditLine;
import io.perennial.auth.audit.AuditTrail;
import io.perennial.auth.authorization.page.Randomness;
import io.perennial.auth.token.GrantImports;
import io.perennial.auth.token.GrantImports.BroughtGrant;
import io.perennial.auth.token.GrantImports.SealedGrant;
import io.perennial.auth.token.Grants.Holder;
import io.perennial.clock.DomainClock;
import io.perennial.clock.TimeOrderedIds;
import io.perennial.contracts.Region;
import io.perennial.secret.RefreshToken;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Later tokens that an integrator brings for connections that are there: candidates as every other. The loop tries them one
 * after another, so that merchants who consent meanwhile do not wait behind them.
 */
@ApplicationScoped
public class ImportedConsents {
    /** Ten a second at most; the loop would try as many as it finds. */
    private static final Duration SPACING = Duration.ofMillis(100);

    /** Within the time in which a candidate must be decided, with room to try again. */
    private static final int SHARE_OF_LIFE = 4;

    private final GrantImports grants;
    private final AuditTrail audit;
    private final Randomness randomness;
    private final ConsentConfig config;
    private final DomainClock clock;
    private final TimeOrderedIds ids;

    ImportedConsents(
            GrantImports grants,
            AuditTrail audit,
            Randomness randomness,
            ConsentConfig config,
            DomainClock clock,
            TimeOrderedIds ids) {
        this.grants = grants;
        this.audit = audit;
        this.randomness = randomness;
        this.config = config;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * A later token.
     *
     * @param generation what the connection has now
     * @param ownApplication whether a private application authorized itself
     */
    public record Brought(
            UUID connectionId,
            String tenantId,
            int generation,
            Region region,
            UUID app,
            String account,
            Instant grantedAt,
            RefreshToken token,
            boolean ownApplication) {

        private BroughtGrant grant() {
            return new BroughtGrant(new Holder(tenantId, connectionId, generation + 1, account), token, grantedAt);
        }

        private AuthorizationWay way() {
            return ownApplication ? AuthorizationWay.SELF : AuthorizationWay.IMPORT;
        }
    }

    /**
     * Stores the tokens as candidates.
     *
     * @param before how many the same import brought before these
     */
    public Uni<Void> store(SqlConnection transaction, List<Brought> brought, String actor, long before) {
        if (brought.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Instant now = clock.instant();
        return grants.seal(brought.stream().map(Brought::grant).toList())
                .call(candidates -> grants.storeCandidates(transaction, candidates))
                .chain(candidates -> transaction
                        .preparedQuery(
                                """
                                insert into authorization_request (id, state_hash, browser_hash, tenant_id, connection_id,
                                                                   generation, region, app_id, way, locale, status,
                                                                   started_at, expires_at, grant_id, account_id,
                                                                   next_attempt_at)
                                select id, state_hash, browser_hash, tenant_id, connection_id, generation, region, app_id,
                                       way, $13, 'CHECKING', $14, $15, grant_id, account_id, next_attempt_at
                                  from unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::text[], $5::uuid[], $6::int[],
                                              $7::text[], $8::uuid[], $9::text[], $10::uuid[], $11::text[],
                                              $12::timestamptz[])
                                       as line(id, state_hash, browser_hash, tenant_id, connection_id, generation, region,
                                               app_id, way, grant_id, account_id, next_attempt_at)
                                """)
                        .execute(values(brought, candidates, now, before)))
                .chain(() -> audit.addAll(transaction, lines(brought, actor, now)));
    }

    private Tuple values(List<Brought> brought, List<SealedGrant> candidates, Instant now, long before) {
        return Tuple.tuple()
                .addValue(column(brought, one -> ids.next(), UUID[]::new))
                // Nobody knows the state or the browser: no callback can ever bring them.
                .addValue(column(brought, one -> nobodys(), Buffer[]::new))
                .addValue(column(brought, one -> nobodys(), Buffer[]::new))
                .addValue(column(brought, Brought::tenantId, String[]::new))
                .addValue(column(brought, Brought::connectionId, UUID[]::new))
                .addValue(column(brought, Brought::generation, Integer[]::new))
                .addValue(column(brought, one -> one.region().name(), String[]::new))
                .addValue(column(brought, Brought::app, UUID[]::new))
                .addValue(column(brought, one -> one.way().name(), String[]::new))
                .addValue(column(candidates, SealedGrant::id, UUID[]::new))
                .addValue(column(brought, Brought::account, String[]::new))
                .addValue(IntStream.range(0, brought.size())
                        .mapToObj(i -> utc(now.plus(turn(before + i))))
                        .toArray(OffsetDateTime[]::new))
                .addValue(Locale.ENGLISH.getLanguage())
                .addValue(utc(now))
                .addValue(utc(now.plus(config.stateLife())));
    }

    private Duration turn(long place) {
        long turns = config.decisionLife().dividedBy(SHARE_OF_LIFE).dividedBy(SPACING);
        return SPACING.multipliedBy(Math.floorMod(place, Math.max(1, turns)));
    }

    private Buffer nobodys() {
        return Buffer.buffer(Randomness.hash(randomness.text()));
    }

    private static List<AuditLine> lines(List<Brought> brought, String actor, Instant now) {
        return brought.stream()
                .map(one -> AuditLine.about(
                        AuditKind.TOKEN_IMPORTED, one.tenantId(), one.connectionId(), one.generation(), actor, now))
                .toList();
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static <R, T> T[] column(List<R> rows, Function<R, T> value, IntFunction<T[]> array) {
        return rows.stream().map(value).toArray(array);
    }
}
