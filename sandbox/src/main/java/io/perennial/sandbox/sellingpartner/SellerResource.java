package io.perennial.sandbox.sellingpartner;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perennial.sandbox.sellingpartner.SellingPartner.Kind;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.Locale;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

@Path("/sandbox")
class SellerResource {

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Seller(
            String sellerId,
            String name,
            String email,
            String password,
            Region region,
            List<String> marketplaces,
            List<String> countries,
            int ordersPerDay,
            @Nullable String secondaryEmail) {}

    private final SellingPartners partners;

    SellerResource(SellingPartners partners) {
        this.partners = partners;
    }

    @GET
    @Path("/sellers")
    public List<Seller> sellers() {
        return shown(Kind.SELLER);
    }

    /** More people come to sell: that many small stores, which stay. */
    @POST
    @Path("/sellers")
    public List<Seller> add(@RestQuery @DefaultValue("1") int count) {
        return partners.add(count).stream().map(SellerResource::shown).toList();
    }

    @GET
    @Path("/vendors")
    public List<Seller> vendors() {
        return shown(Kind.VENDOR);
    }

    @GET
    @Path("/agencies")
    public List<Seller> agencies() {
        return shown(Kind.AGENCY);
    }

    private List<Seller> shown(Kind kind) {
        return partners.ofKind(kind).stream().map(SellerResource::shown).toList();
    }

    private static Seller shown(SellingPartner partner) {
        return new Seller(
                partner.sellerId(),
                partner.name(),
                partner.email(),
                partner.password(),
                partner.region(),
                partner.marketplaces().stream().map(Marketplace::id).toList(),
                partner.marketplaces().stream()
                        .map(marketplace -> marketplace.name().toLowerCase(Locale.ROOT))
                        .toList(),
                partner.ordersPerDay(),
                partner.secondaryEmail());
    }
}
