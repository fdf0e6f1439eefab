package io.perennial.sandbox.authorization;

import io.perennial.sandbox.application.Application;
import io.perennial.sandbox.authorization.Behaviour.LateRenewal;
import io.perennial.sandbox.authorization.Behaviour.SubscriptionsAfterEnd;
import io.perennial.sandbox.clock.SandboxClock;
import io.perennial.sandbox.database.Database;
import io.perennial.sandbox.database.Row;
import io.perennial.sandbox.database.Transaction;
import io.perennial.sandbox.sellingpartner.SellingPartner;
import io.perennial.sandbox.subscription.Subscriptions;
import io.perennial.sandbox.token.OpaqueToken;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Consents, disabling, and the end of a year. */
@Singleton
public class Authorizations {

    /** Every 365 days a public application must be authorized again. */
    static final Duration PERIOD = Duration.ofDays(365);

    /** What advertisers allowed before this day has no end. */
    static final Instant ADS_END_BEGINS = Instant.parse("2026-07-30T00:00:00Z");

    /** No yearly rule is stated for private applications that authorize themselves either. */
    private static final Instant NEVER = Instant.parse("9999-12-31T00:00:00Z");

    /** Lifetime of a code, from Amazon's developer guide. */
    static final Duration CODE_LIFETIME = Duration.ofMinutes(5);

    private final Database database;
    private final SandboxClock clock;
    private final Behaviours behaviours;

    Authorizations(Database database, SandboxClock clock, Behaviours behaviours) {
        this.database = database;
        this.clock = clock;
        this.behaviours = behaviours;
    }

    /** The account says yes: a year begins today, whatever was left of the last one; returns the code. */
    public OpaqueToken consent(SellingPartner account, Application application, String redirectUri) {
        return consent(account.sellerId(), application, redirectUri, null);
    }

    /** A login says yes; the code can be redeemed only by whoever meets the challenge. */
    public OpaqueToken consent(
            String holder, Application application, String redirectUri, @Nullable String codeChallenge) {
        Instant now = clock.instant();
        Behaviour behaviour = behaviours.current();
        OpaqueToken code = OpaqueToken.random("AN", 15);
        database.transact(tx -> {
            find(tx, holder, application.applicationId())
                    .filter(old -> old.statusAt(now) != Authorization.Status.ENABLED)
                    .ifPresent(old -> bury(tx, old, behaviour, now));
            long id = store(tx, holder, application, now, end(application, now));
            return tx.update(
                    """
                    insert into authorization_code (code_hash, authorization_id, redirect_uri, code_challenge, expires_at)
                    values (?, ?, ?, ?, ?)
                    """,
                    code.hash(),
                    id,
                    redirectUri,
                    codeChallenge,
                    now.plus(CODE_LIFETIME));
        });
        return code;
    }

    /** What an authorization that has ended leaves behind when it is given again. */
    private static void bury(Transaction tx, Authorization old, Behaviour behaviour, Instant now) {
        if (behaviour.lateRenewal() == LateRenewal.OLD_TOKEN_STAYS_DEAD
                && old.statusAt(now) == Authorization.Status.EXPIRED) {
            Tokens.withdraw(tx, old.id(), now);
        }
        if (behaviour.subscriptions() == SubscriptionsAfterEnd.VANISH) {
            Subscriptions.vanish(tx, old.sellerId(), old.applicationId());
        }
    }

    private static Instant end(Application application, Instant consentedAt) {
        return application.kind() == Application.Kind.ADS && consentedAt.isBefore(ADS_END_BEGINS)
                ? NEVER
                : consentedAt.plus(PERIOD);
    }

    /**
     * The owner of a private application authorizes himself: a token at once, and no year that ends. Earlier ones stay
     * valid.
     */
    OpaqueToken selfAuthorize(SellingPartner account, Application application) {
        Instant now = clock.instant();
        OpaqueToken refresh = OpaqueToken.random("Atzr|", 240);
        database.transact(tx -> {
            long id = store(tx, account.sellerId(), application, now, NEVER);
            return Tokens.store(tx, refresh, id, now);
        });
        return refresh;
    }

    private static long store(Transaction tx, String holder, Application application, Instant now, Instant expiresAt) {
        return tx.first(
                        """
                        insert into authorization_given (seller_id, application_id, authorized_at, expires_at)
                        values (?, ?, ?, ?)
                        on conflict (seller_id, application_id) do update
                            set authorized_at = excluded.authorized_at, expires_at = excluded.expires_at,
                                disabled_at = null
                        returning id
                        """,
                        row -> row.number("id"),
                        holder,
                        application.applicationId(),
                        now,
                        expiresAt)
                .orElseThrow();
    }

    public List<Authorization> of(SellingPartner account) {
        return database.list(
                "select * from authorization_given where seller_id = ? order by id",
                Authorizations::read,
                account.sellerId());
    }

    /** The account takes its yes back: tokens die, the entry stays visible. */
    public void disable(SellingPartner account, String applicationId) {
        Instant now = clock.instant();
        database.transact(tx -> {
            find(tx, account.sellerId(), applicationId).ifPresent(found -> {
                tx.update("update authorization_given set disabled_at = ? where id = ?", now, found.id());
                Tokens.withdraw(tx, found.id(), now);
            });
            return true;
        });
    }

    void disableAll(SellingPartner account) {
        of(account).forEach(given -> disable(account, given.applicationId()));
    }

    void expireAll(SellingPartner account) {
        database.update(
                "update authorization_given set expires_at = ? where seller_id = ? and expires_at > ?",
                clock.instant(),
                account.sellerId(),
                clock.instant());
    }

    /** A new role needs everybody's consent again. */
    void expireAllOf(Application application) {
        database.update(
                "update authorization_given set expires_at = ? where application_id = ? and expires_at > ?",
                clock.instant(),
                application.applicationId(),
                clock.instant());
    }

    /** The tokens die although the page still shows the authorization. */
    void withdrawAll(SellingPartner account) {
        Instant now = clock.instant();
        List<Authorization> given = of(account);
        database.transact(tx -> {
            given.forEach(authorization -> Tokens.withdraw(tx, authorization.id(), now));
            return true;
        });
    }

    private static Optional<Authorization> find(Transaction tx, String sellerId, String applicationId) {
        return tx.first(
                "select * from authorization_given where seller_id = ? and application_id = ? for update",
                Authorizations::read,
                sellerId,
                applicationId);
    }

    static Authorization read(Row row) {
        return new Authorization(
                row.number("id"),
                row.text("seller_id"),
                row.text("application_id"),
                row.instant("authorized_at"),
                row.instant("expires_at"),
                row.findInstant("disabled_at"));
    }
}
