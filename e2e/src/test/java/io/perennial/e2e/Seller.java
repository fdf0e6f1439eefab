package io.perennial.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** A merchant with an account at the provider. */
record Seller(String id, String name, String email, String password, String region, List<String> marketplaces) {
    /** Orders a day up to which a month of them fits into the quota's burst. */
    private static final int SMALL = 10;

    /** The seller at this place among the small ones of a region. */
    static Seller of(House house, String region, int place) {
        return accounts(house, "/sandbox/sellers", region).get(place);
    }

    /** People who come to sell: so many small stores, and nobody's connection. */
    static List<Seller> more(House house, int count) {
        List<Seller> sellers = new ArrayList<>();
        house.sandbox().post("/sandbox/sellers?count=" + count, "{}").forEach(account -> sellers.add(of(account)));
        return sellers;
    }

    /** The vendor of a region. */
    static Seller vendor(House house, String region) {
        return accounts(house, "/sandbox/vendors", region).get(0);
    }

    private static List<Seller> accounts(House house, String kind, String region) {
        List<Seller> found = new ArrayList<>();
        for (JsonNode seller : house.sandbox().get(kind)) {
            if (seller.get("region").asText().equals(region)
                    && seller.get("ordersPerDay").asInt() <= SMALL) {
                found.add(of(seller));
            }
        }
        return found;
    }

    /** As the provider's stand-in tells of an account. */
    static Seller of(JsonNode account) {
        List<String> marketplaces = new ArrayList<>();
        account.get("marketplaces")
                .forEach(m -> marketplaces.add(
                        m.isTextual() ? m.asText() : m.get("id").asText()));
        return new Seller(
                account.get("sellerId").asText(),
                account.get("name").asText(),
                account.get("email").asText(),
                account.get("password").asText(),
                account.get("region").asText(),
                marketplaces);
    }
}
