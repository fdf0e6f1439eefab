package io.perennial.auth.token;

import io.perennial.auth.token.GrantReader.Refreshed;
import io.perennial.auth.token.amazon.IssuedTokens;
import io.perennial.auth.token.amazon.LwaTokenClient;
import io.perennial.auth.token.amazon.TokenAnswer;
import io.perennial.auth.token.amazon.TokenAnswer.Fault;
import io.perennial.auth.token.amazon.TokenAnswer.Granted;
import io.perennial.auth.token.amazon.TokenAnswer.PlatformFault;
import io.perennial.auth.vault.TokenVault;
import io.perennial.clock.DomainClock;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Refreshes a grant: one holder of its lease asks the provider and stores what came.
 *
 * <p>No database connection is held while the provider is asked.
 */
@ApplicationScoped
class GrantRefresh {
    /** Longer than the provider may take, so that a lease ends only when its holder is gone. */
    private static final int LEASE_SECONDS = 20;

    private final GrantReader grants;
    private final LwaTokenClient lwa;
    private final Breaker breaker;
    private final TokenVault vault;
    private final DomainClock clock;
    private final String owner = UUID.randomUUID().toString();

    GrantRefresh(GrantReader grants, LwaTokenClient lwa, Breaker breaker, TokenVault vault, DomainClock clock) {
        this.grants = grants;
        this.lwa = lwa;
        this.breaker = breaker;
        this.vault = vault;
        this.clock = clock;
    }

    /** The provider's answer; null if somebody else is asking. */
    Uni<@Nullable TokenAnswer> refresh(OpenGrant grant) {
        if (!breaker.admits(grant.app(), grant.region())) {
            return Uni.createFrom().item(new PlatformFault(Fault.BREAKER_OPEN));
        }
        return grants.lease(grant.id(), owner, LEASE_SECONDS)
                .chain(epoch -> epoch == null ? Uni.createFrom().nullItem() : ask(grant, epoch));
    }

    private Uni<TokenAnswer> ask(OpenGrant grant, long epoch) {
        Instant asked = clock.instant();
        return vault.openRefreshToken(grant.sealedRefreshToken(), grant.key(), grant.place())
                .chain(token -> lwa.refresh(grant.app(), grant.region(), token))
                .invoke(answer -> breaker.count(grant.app(), grant.region(), answer))
                .call(answer -> answer instanceof Granted granted
                        ? store(grant, epoch, granted.tokens(), asked)
                        : grants.release(grant.id(), epoch));
    }

    private Uni<Boolean> store(OpenGrant grant, long epoch, IssuedTokens tokens, Instant asked) {
        // Amazon repeats the refresh token; if a different one ever comes, it is the one to keep.
        return vault.seal(tokens.refreshToken(), grant.key(), grant.place())
                .chain(refresh -> vault.seal(tokens.accessToken(), grant.key(), grant.place())
                        .map(access -> new Refreshed(refresh, access, asked.plus(tokens.accessLife()))))
                .chain(refreshed -> grants.store(grant.id(), epoch, refreshed));
    }
}
