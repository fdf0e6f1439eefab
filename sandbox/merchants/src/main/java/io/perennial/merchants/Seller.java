package io.perennial.merchants;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/** A merchant with an account at the provider. */
public record Seller(String id, String name, String email, String password, String region, List<String> marketplaces) {
    /** Orders a day up to which a month of them fits into the quota's burst. */
    private static final int SMALL = 10;

    /** The seller at this place among the small ones of a region. */
    public static Seller of(Api sandbox, String region, int place) {
        return inRegion(small(sandbox), region).get(place);
    }

    /** The vendor of a region. */
    public static Seller vendor(Api sandbox, String region) {
        return inRegion(all(sandbox.get("/sandbox/vendors")), region).get(0);
    }

    /** All who do not sell very much. */
    public static List<Seller> small(Api sandbox) {
        JsonNode sellers = sandbox.get("/sandbox/sellers");
        return StreamSupport.stream(sellers.spliterator(), false)
                .filter(seller -> seller.path("ordersPerDay").asInt() <= SMALL)
                .map(Seller::of)
                .toList();
    }

    /** So many more come to sell, in every region. */
    public static List<Seller> more(Api sandbox, int count) {
        return all(sandbox.post("/sandbox/sellers?count=" + count, "{}"));
    }

    /** Those of a region, in their order. */
    public static List<Seller> inRegion(List<Seller> sellers, String region) {
        return sellers.stream().filter(seller -> seller.region().equals(region)).toList();
    }

    private static List<Seller> all(JsonNode accounts) {
        return StreamSupport.stream(accounts.spliterator(), false)
                .map(Seller::of)
                .toList();
    }

    private static Seller of(JsonNode account) {
        List<String> marketplaces = new ArrayList<>();
        account.path("marketplaces")
                .forEach(m -> marketplaces.add(
                        m.isTextual() ? m.asText() : m.path("id").asText()));
        return new Seller(
                account.path("sellerId").asText(),
                account.path("name").asText(),
                account.path("email").asText(),
                account.path("password").asText(),
                account.path("region").asText(),
                List.copyOf(marketplaces));
    }
}
