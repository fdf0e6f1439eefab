package io.perennial.sandbox.consent;

import io.perennial.sandbox.application.Application;
import io.perennial.sandbox.clock.SandboxClock;
import io.perennial.sandbox.database.Database;
import io.perennial.sandbox.sellingpartner.SellingPartner;
import io.perennial.sandbox.token.OpaqueToken;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Renewals that began at Amazon and wait for the application's Login URI to send the browser back. */
@Singleton
class LoginLegs {

    /** The whole authorization is to be finished within ten minutes. */
    private static final Duration LIFETIME = Duration.ofMinutes(10);

    private final Database database;
    private final SandboxClock clock;

    LoginLegs(Database database, SandboxClock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Returns the {@code amazon_state}. */
    OpaqueToken begin(SellingPartner account, Application application) {
        OpaqueToken state = OpaqueToken.random("MTU", 24);
        database.update(
                "insert into login_leg (state_hash, seller_id, application_id, expires_at) values (?, ?, ?, ?)",
                state.hash(),
                account.sellerId(),
                application.applicationId(),
                clock.instant().plus(LIFETIME));
        return state;
    }

    /** True once, for the account and application that began it. */
    boolean finish(@Nullable String state, SellingPartner account, Application application) {
        if (state == null) {
            return false;
        }
        Instant now = clock.instant();
        return database.update(
                        """
                        update login_leg set used_at = ?
                        where state_hash = ? and seller_id = ? and application_id = ? and used_at is null and expires_at > ?
                        """,
                        now,
                        OpaqueToken.hash(state),
                        account.sellerId(),
                        application.applicationId(),
                        now)
                == 1;
    }
}
