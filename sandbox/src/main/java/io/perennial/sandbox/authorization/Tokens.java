package io.perennial.sandbox.authorization;

import io.perennial.sandbox.application.Application;
import io.perennial.sandbox.authorization.Behaviour.OldRefreshToken;
import io.perennial.sandbox.clock.SandboxClock;
import io.perennial.sandbox.database.Database;
import io.perennial.sandbox.database.Row;
import io.perennial.sandbox.database.Transaction;
import io.perennial.sandbox.token.OpaqueToken;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Exchanges codes, refreshes, and checks access tokens. */
@Singleton
public class Tokens {

    public static final Duration ACCESS_TOKEN_LIFETIME = Duration.ofHours(1);

    /** An expired access token is known as expired, and not as garbage, for this long. */
    private static final Duration ACCESS_TOKEN_MEMORY = Duration.ofDays(400);

    private final Database database;
    private final SandboxClock clock;
    private final Behaviours behaviours;

    Tokens(Database database, SandboxClock clock, Behaviours behaviours) {
        this.database = database;
        this.clock = clock;
        this.behaviours = behaviours;
    }

    private record Code(
            long authorizationId,
            String sellerId,
            String applicationId,
            String redirectUri,
            @Nullable String codeChallenge,
            Instant expiresAt,
            @Nullable Instant usedAt,
            boolean enabled) {}

    private record RefreshToken(
            long authorizationId,
            String sellerId,
            String applicationId,
            boolean withdrawn,
            Authorization authorization) {}

    /** What a client sends to redeem a code. */
    public record Redemption(String code, @Nullable String redirectUri, @Nullable String codeVerifier) {

        @Override
        public String toString() {
            return "Redemption[redacted]";
        }
    }

    public TokenGrant exchange(String applicationId, Redemption redemption) {
        String code = redemption.code();
        String redirectUri = redemption.redirectUri();
        Instant now = clock.instant();
        boolean invalidatesOld = behaviours.current().oldRefreshToken() == OldRefreshToken.INVALIDATED;
        return database.transact(tx -> {
            Optional<Code> found = code(tx, code, now);
            if (found.isEmpty()) {
                return new TokenGrant.InvalidGrant(null);
            }
            Code issued = found.get();
            boolean usable = issued.applicationId().equals(applicationId)
                    && (redirectUri == null || redirectUri.equals(issued.redirectUri()))
                    && CodeChallenge.met(issued.codeChallenge(), redemption.codeVerifier())
                    && issued.usedAt() == null
                    && now.isBefore(issued.expiresAt())
                    && issued.enabled();
            if (!usable) {
                return new TokenGrant.InvalidGrant(issued.sellerId());
            }
            tx.update("update authorization_code set used_at = ? where code_hash = ?", now, OpaqueToken.hash(code));
            if (invalidatesOld) {
                withdraw(tx, issued.authorizationId(), now);
            }
            OpaqueToken refresh = OpaqueToken.random("Atzr|", 240);
            store(tx, refresh, issued.authorizationId(), now);
            return TokenGrant.Granted.of(
                    access(tx, applicationId, issued.authorizationId(), now), refresh.reveal(), issued.sellerId());
        });
    }

    /** Hands out a new access token; the refresh token stays the one that was sent. */
    public TokenGrant refresh(String applicationId, String refreshToken) {
        Instant now = clock.instant();
        return database.transact(tx -> {
            Optional<RefreshToken> found = tx.first(
                    """
                    select a.*, t.withdrawn_at is not null as withdrawn
                    from refresh_token t join authorization_given a on a.id = t.authorization_id
                    where t.token_hash = ?
                    """,
                    Tokens::refreshToken,
                    OpaqueToken.hash(refreshToken));
            if (found.isEmpty()) {
                return new TokenGrant.InvalidGrant(null);
            }
            RefreshToken known = found.get();
            if (!known.applicationId().equals(applicationId)) {
                return new TokenGrant.OtherApplication(known.sellerId());
            }
            if (known.withdrawn() || known.authorization().statusAt(now) != Authorization.Status.ENABLED) {
                return new TokenGrant.InvalidGrant(known.sellerId());
            }
            return TokenGrant.Granted.of(
                    access(tx, applicationId, known.authorizationId(), now), refreshToken, known.sellerId());
        });
    }

    public TokenGrant grantless(String applicationId) {
        Instant now = clock.instant();
        return database.transact(tx -> TokenGrant.Granted.of(access(tx, applicationId, null, now), null, null));
    }

    public AccessCheck check(String accessToken) {
        Instant now = clock.instant();
        return database.first(
                        """
                        select t.application_id, p.kind, t.expires_at <= ? as expired, a.seller_id,
                               t.withdrawn_at is null and a.disabled_at is null and a.expires_at > ? as alive
                        from access_token t
                            join application p on p.application_id = t.application_id
                            left join authorization_given a on a.id = t.authorization_id
                        where t.token_hash = ?
                        """,
                        Tokens::accessCheck,
                        now,
                        now,
                        OpaqueToken.hash(accessToken))
                .orElse(new AccessCheck.Invalid());
    }

    /** Takes every token of the authorization out of use; a new consent gives new ones. */
    static void withdraw(Transaction tx, long authorizationId, Instant now) {
        for (String table : new String[] {"refresh_token", "access_token"}) {
            tx.update(
                    "update " + table + " set withdrawn_at = ? where authorization_id = ? and withdrawn_at is null",
                    now,
                    authorizationId);
        }
    }

    static int store(Transaction tx, OpaqueToken refresh, long authorizationId, Instant now) {
        return tx.update(
                "insert into refresh_token (token_hash, authorization_id, issued_at) values (?, ?, ?)",
                refresh.hash(),
                authorizationId,
                now);
    }

    private OpaqueToken access(Transaction tx, String applicationId, @Nullable Long authorizationId, Instant now) {
        OpaqueToken token = OpaqueToken.random("Atza|", 240);
        tx.update(
                """
                insert into access_token (token_hash, application_id, authorization_id, issued_at, expires_at)
                values (?, ?, ?, ?, ?)
                """,
                token.hash(),
                applicationId,
                authorizationId,
                now,
                now.plus(ACCESS_TOKEN_LIFETIME));
        tx.update(
                """
                delete from access_token where token_hash in
                    (select token_hash from access_token where expires_at < ? limit 20 for update skip locked)
                """,
                now.minus(ACCESS_TOKEN_MEMORY));
        return token;
    }

    private static Optional<Code> code(Transaction tx, String code, Instant now) {
        return tx.first(
                """
                select c.redirect_uri, c.code_challenge, c.expires_at as code_expires_at, c.used_at, a.*
                from authorization_code c join authorization_given a on a.id = c.authorization_id
                where c.code_hash = ? for update of c
                """,
                row -> {
                    Authorization authorization = Authorizations.read(row);
                    return new Code(
                            authorization.id(),
                            authorization.sellerId(),
                            authorization.applicationId(),
                            row.text("redirect_uri"),
                            row.findText("code_challenge"),
                            row.instant("code_expires_at"),
                            row.findInstant("used_at"),
                            authorization.statusAt(now) == Authorization.Status.ENABLED);
                },
                OpaqueToken.hash(code));
    }

    private static RefreshToken refreshToken(Row row) {
        Authorization authorization = Authorizations.read(row);
        return new RefreshToken(
                authorization.id(),
                authorization.sellerId(),
                authorization.applicationId(),
                row.flag("withdrawn"),
                authorization);
    }

    private static AccessCheck accessCheck(Row row) {
        if (row.flag("expired")) {
            return new AccessCheck.Expired();
        }
        String sellerId = row.findText("seller_id");
        if (sellerId == null) {
            return new AccessCheck.Grantless();
        }
        return row.flag("alive")
                ? new AccessCheck.Granted(
                        sellerId, row.text("application_id"), Application.Kind.valueOf(row.text("kind")))
                : new AccessCheck.Invalid();
    }
}
