package io.perennial.sandbox.spapi;

import io.perennial.sandbox.sellingpartner.Marketplace;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.List;

@Path("/sp-api/{region}/sellers/v1/marketplaceParticipations")
class SellersResource {

    record Participations(List<MarketplaceParticipation> payload) {}

    record MarketplaceParticipation(Place marketplace, String storeName, Participation participation) {}

    record Place(
            String id,
            String countryCode,
            String name,
            String defaultCurrencyCode,
            String defaultLanguageCode,
            String domainName) {}

    record Participation(boolean isParticipating, boolean hasSuspendedListings) {}

    private final SpApi api;

    SellersResource(SpApi api) {
        this.api = api;
    }

    @GET
    public Response participations(String region, @Context HttpHeaders headers) {
        return api.call(Operation.GET_MARKETPLACE_PARTICIPATIONS, region, headers, SellersResource::participations);
    }

    private static Participations participations(Caller caller) {
        if (!caller.isAtHome()) {
            return new Participations(List.of());
        }
        return new Participations(caller.account().marketplaces().stream()
                .map(marketplace -> participation(caller, marketplace))
                .toList());
    }

    private static MarketplaceParticipation participation(Caller caller, Marketplace marketplace) {
        return new MarketplaceParticipation(
                new Place(
                        marketplace.id(),
                        marketplace.name(),
                        marketplace.title(),
                        marketplace.currency(),
                        marketplace.language(),
                        "www." + marketplace.domain()),
                caller.account().name(),
                new Participation(true, false));
    }
}
