package io.perennial.auth.token;

import io.perennial.auth.application.Apps;
import io.perennial.auth.token.amazon.AdvertisingProfile;
import io.perennial.auth.token.amazon.IssuedTokens;
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

/** Tries a candidate out: does its refresh token work, and whom does it belong to? */
@ApplicationScoped
public class CandidateProbe {
    private final GrantReader grants;
    private final GrantRefresh refresh;
    private final SellersClient sellers;
    private final ProfilesClient profiles;
    private final Apps apps;

    CandidateProbe(
            GrantReader grants, GrantRefresh refresh, SellersClient sellers, ProfilesClient profiles, Apps apps) {
        this.grants = grants;
        this.refresh = refresh;
        this.sellers = sellers;
        this.profiles = profiles;
        this.apps = apps;
    }

    /** What the trial showed. */
    public sealed interface Verdict {
        /** It works, and this is the store. */
        record Works(Participation.Known store) implements Verdict {}

        /** It works, and these are the advertising profiles that it opens; possibly none. */
        record Opens(List<AdvertisingProfile> profiles) implements Verdict {}

        /** It will never work. */
        record Useless() implements Verdict {}

        /** Ask again later. */
        record Undecided() implements Verdict {}
    }

    /** Tries the candidate once. */
    public Uni<Verdict> probe(UUID candidateId) {
        return grants.candidate(candidateId)
                .chain(grant -> grant == null ? Uni.createFrom().item(new Verdict.Undecided()) : probe(grant));
    }

    private Uni<Verdict> probe(OpenGrant grant) {
        return refresh.refresh(grant).chain(answer -> {
            if (answer instanceof Granted granted) {
                return store(grant, granted.tokens());
            }
            return Uni.createFrom()
                    .item(answer instanceof ConsentGone ? new Verdict.Useless() : new Verdict.Undecided());
        });
    }

    private Uni<Verdict> store(OpenGrant grant, IssuedTokens tokens) {
        if (grant.provider() == Provider.AMAZON_ADS) {
            return apps.get(grant.app())
                    .chain(app -> profiles.profiles(app, grant.region(), tokens.accessToken()))
                    .map(listing -> listing instanceof ProfileListing.Known known
                            ? new Verdict.Opens(known.profiles())
                            : new Verdict.Undecided());
        }
        if (grant.provider() != Provider.AMAZON_SELLER) {
            // Vendors have no such operation; the account's id is all there is.
            return Uni.createFrom().item(new Verdict.Works(new Participation.Known(null, List.of())));
        }
        return apps.get(grant.app())
                .chain(app -> sellers.participations(app, grant.region(), tokens.accessToken()))
                .map(participation -> participation instanceof Participation.Known known
                        ? new Verdict.Works(known)
                        : new Verdict.Undecided());
    }
}
