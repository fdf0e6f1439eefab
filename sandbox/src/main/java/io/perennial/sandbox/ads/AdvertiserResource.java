package io.perennial.sandbox.ads;

import io.perennial.sandbox.ads.Profiles.Right;
import io.perennial.sandbox.control.Refusal;
import io.perennial.sandbox.sellingpartner.Region;
import io.perennial.sandbox.sellingpartner.SellingPartner;
import io.perennial.sandbox.sellingpartner.SellingPartners;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Who advertises, and what can happen to their rights. */
@Path("/sandbox/advertisers")
class AdvertiserResource {

    /** Profile ids are text here, so that every tool shows them right. */
    record Advertiser(
            String loginId,
            String name,
            SellingPartner.Kind kind,
            String email,
            String password,
            List<Shown> profiles) {

        @Override
        public String toString() {
            return "Advertiser " + loginId;
        }
    }

    record Shown(String profileId, Region region, String countryCode, String accountId, String accountName) {

        static Shown of(Profile profile) {
            return new Shown(
                    String.valueOf(profile.id()),
                    profile.marketplace().region(),
                    profile.countryCode(),
                    profile.accountId(),
                    profile.owner().name());
        }
    }

    private final Profiles profiles;
    private final SellingPartners partners;

    AdvertiserResource(Profiles profiles, SellingPartners partners) {
        this.profiles = profiles;
        this.partners = partners;
    }

    @GET
    public List<Advertiser> all() {
        return Stream.concat(profiles.owners().stream(), profiles.agencies().stream())
                .map(this::shown)
                .toList();
    }

    private Advertiser shown(SellingPartner login) {
        return new Advertiser(
                login.sellerId(),
                login.name(),
                login.kind(),
                login.email(),
                login.password(),
                Arrays.stream(Region.values())
                        .flatMap(region -> profiles.visible(login.sellerId(), region, Right.EDIT).stream())
                        .map(Shown::of)
                        .toList());
    }

    /** Takes a login's right to a profile away, as the profile's owner can at any time. */
    @POST
    @Path("/{login}/profiles/{profile}/withdraw")
    public void withdraw(String login, long profile) {
        profiles.withdraw(partners.get(login).sellerId(), existing(profile));
    }

    @POST
    @Path("/{login}/profiles/{profile}/give-back")
    public void giveBack(String login, long profile) {
        profiles.giveBack(partners.get(login).sellerId(), existing(profile));
    }

    private long existing(long id) {
        return profiles.owners().stream()
                .flatMap(owner -> profiles.of(owner).stream())
                .filter(profile -> profile.id() == id)
                .findFirst()
                .orElseThrow(() -> Refusal.notFound("no profile " + id))
                .id();
    }
}
