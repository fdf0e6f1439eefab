package io.perennial.auth.token;

import io.perennial.auth.application.AppView;
import io.perennial.auth.application.Apps;
import io.perennial.auth.token.CandidateProbe.Verdict.Works;
import io.perennial.auth.token.amazon.AdvertisingProfile;
import io.perennial.auth.token.amazon.IssuedTokens;
import io.perennial.auth.token.amazon.OrderSight;
import io.perennial.auth.token.amazon.OrdersClient;
import io.perennial.auth.token.amazon.Participation;
import io.perennial.auth.token.amazon.ProfileListing;
import io.perennial.auth.token.amazon.ProfilesClient;
import io.perennial.auth.token.amazon.SellersClient;
import io.perennial.auth.token.amazon.TokenAnswer.ConsentGone;
import io.perennial.auth.token.amazon.TokenAnswer.Granted;
import io.perennial.contracts.Provider;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Tries a candidate out: does its refresh token work, and what can it see? */
@ApplicationScoped
public class CandidateProbe {
    private final GrantReader grants;
    private final GrantRefresh refresh;
    private final SellersClient sellers;
    private final OrdersClient orders;
    private final ProfilesClient profiles;
    private final Apps apps;

    CandidateProbe(
            GrantReader grants,
            GrantRefresh refresh,
            SellersClient sellers,
            OrdersClient orders,
            ProfilesClient profiles,
            Apps apps) {
        this.grants = grants;
        this.refresh = refresh;
        this.sellers = sellers;
        this.orders = orders;
        this.profiles = profiles;
        this.apps = apps;
    }

    /** What the trial showed. */
    public sealed interface Verdict {
        /** It works, and this is what it can see. */
        record Works(Participation store, OrderSight order) implements Verdict {}

        /** It works, and these are the advertising profiles that it opens; possibly none. */
        record Opens(List<AdvertisingProfile> profiles) implements Verdict {}

        /** It will never work. */
        record Useless() implements Verdict {}

        /** Ask again later. */
        record Undecided() implements Verdict {}
    }

    /** Tries the candidate once. */
    public Uni<Verdict> probe(UUID candidateId) {
        return probe(candidateId, null);
    }

    /**
     * Tries the candidate once.
     *
     * @param knownOrder an order that a grant of the right account can read; null if none is known
     */
    public Uni<Verdict> probe(UUID candidateId, @Nullable String knownOrder) {
        return grants.candidate(candidateId)
                .chain(grant ->
                        grant == null ? Uni.createFrom().item(new Verdict.Undecided()) : probe(grant, knownOrder));
    }

    private Uni<Verdict> probe(OpenGrant grant, @Nullable String knownOrder) {
        return refresh.refresh(grant).chain(answer -> {
            if (answer instanceof Granted granted) {
                return look(grant, granted.tokens(), knownOrder);
            }
            return Uni.createFrom()
                    .item(answer instanceof ConsentGone ? new Verdict.Useless() : new Verdict.Undecided());
        });
    }

    private Uni<Verdict> look(OpenGrant grant, IssuedTokens tokens, @Nullable String knownOrder) {
        if (grant.provider() == Provider.AMAZON_ADS) {
            return apps.get(grant.app())
                    .chain(app -> profiles.profiles(app, grant.region(), tokens.accessToken()))
                    .map(listing -> listing instanceof ProfileListing.Known known
                            ? new Verdict.Opens(known.profiles())
                            : new Verdict.Undecided());
        }
        if (grant.provider() != Provider.AMAZON_SELLER) {
            // Vendors have no such operations; the account's id is all there is.
            return Uni.createFrom().item(new Works(new Participation.NotOffered(), new OrderSight.NotAsked()));
        }
        return apps.get(grant.app()).chain(app -> sellers.participations(app, grant.region(), tokens.accessToken())
                .chain(store -> order(app, grant, tokens, knownOrder).map(order -> new Works(store, order))));
    }

    private Uni<OrderSight> order(AppView app, OpenGrant grant, IssuedTokens tokens, @Nullable String knownOrder) {
        return knownOrder == null
                ? Uni.createFrom().item(new OrderSight.NotAsked())
                : orders.sight(app, grant.region(), tokens.accessToken(), knownOrder);
    }
}
