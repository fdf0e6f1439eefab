package io.perennial.auth.token;

import io.perennial.auth.outage.Outages;
import io.perennial.auth.token.GrantReader.Refreshed;
import io.perennial.auth.token.amazon.IssuedTokens;
import io.perennial.auth.token.amazon.LwaTokenClient;
import io.perennial.auth.token.amazon.TokenAnswer;
import io.perennial.auth.token.amazon.TokenAnswer.Fault;
import io.perennial.auth.token.amazon.TokenAnswer.Granted;
import io.perennial.auth.token.amazon.TokenAnswer.PlatformFault;
import io.perennial.auth.vault.TokenVault;
import io.perennial.clock.DomainClock;
import io.perennial.contracts.OutageReason;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Refreshes a grant: one holder of its lease asks the provider and stores what came.
 *
 * <p>No database connection is held while the provider is asked. A holder that lost its lease meanwhile, because it was
 * frozen for example, neither stores nor reports what it was told.
 */
@ApplicationScoped
class GrantRefresh {
    /** Longer than the provider may take, so that a lease ends only when its holder is gone. */
    private static final int LEASE_SECONDS = 20;

    private final GrantReader grants;
    private final LwaTokenClient lwa;
    private final Outages outages;
    private final TokenVault vault;
    private final DomainClock clock;
    private final String owner = UUID.randomUUID().toString();

    GrantRefresh(GrantReader grants, LwaTokenClient lwa, Outages outages, TokenVault vault, DomainClock clock) {
        this.grants = grants;
        this.lwa = lwa;
        this.outages = outages;
        this.vault = vault;
        this.clock = clock;
    }

    /** The provider's answer; null if somebody else asks or has just asked. */
    Uni<@Nullable TokenAnswer> refresh(OpenGrant grant) {
        return outages.open(grant.app(), grant.region())
                ? Uni.createFrom().item(new PlatformFault(Fault.BREAKER_OPEN))
                : refreshInSpiteOfOutage(grant);
    }

    /** As {@link #refresh}, for a trial: it asks although the provider is held to be unwell. */
    Uni<@Nullable TokenAnswer> refreshInSpiteOfOutage(OpenGrant grant) {
        return grant.suspended()
                ? Uni.createFrom().item(new PlatformFault(Fault.APP_SUSPENDED))
                : grants.lease(grant.id(), grant.epoch(), owner, LEASE_SECONDS)
                        .chain(epoch -> epoch == null ? Uni.createFrom().nullItem() : ask(grant, epoch));
    }

    private Uni<@Nullable TokenAnswer> ask(OpenGrant grant, long epoch) {
        Instant asked = clock.instant();
        return vault.openRefreshToken(grant.sealedRefreshToken(), grant.key(), grant.place())
                .chain(token -> lwa.refresh(grant.app(), grant.region(), token))
                .call(answer -> count(grant, answer))
                .chain(answer -> finish(grant, epoch, answer, asked).map(held -> held ? answer : null));
    }

    private Uni<Boolean> finish(OpenGrant grant, long epoch, TokenAnswer answer, Instant asked) {
        return answer instanceof Granted granted
                ? store(grant, epoch, granted.tokens(), asked)
                : grants.release(grant.id(), epoch);
    }

    private Uni<Void> count(OpenGrant grant, TokenAnswer answer) {
        if (!(answer instanceof PlatformFault fault)) {
            return outages.orderly(grant.app(), grant.region());
        }
        OutageReason reason = fault.fault().outage();
        return reason == null ? Uni.createFrom().voidItem() : outages.fault(grant.app(), grant.region(), reason);
    }

    private Uni<Boolean> store(OpenGrant grant, long epoch, IssuedTokens tokens, Instant asked) {
        // Amazon repeats the refresh token; if a different one ever comes, it is the one to keep.
        return vault.seal(tokens.refreshToken(), grant.key(), grant.place())
                .chain(refresh -> vault.seal(tokens.accessToken(), grant.key(), grant.place())
                        .map(access -> new Refreshed(refresh, access, asked.plus(tokens.accessLife()))))
                .chain(refreshed -> grants.store(grant.id(), epoch, refreshed));
    }
}
