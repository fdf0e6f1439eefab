package io.perennial.auth.authorization.login;

import io.perennial.auth.application.Marketplace;
import io.perennial.contracts.Region;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The hosts from which Amazon starts an authorization: every Seller and Vendor Central of the table of marketplaces, the
 * sites of single countries that the table leaves out, and the shops' own domains (Amazon's developer guide shows
 * {@code https://amazon.com/apps/authorize/confirm/…}). Exact names; nothing is ever matched by its ending.
 */
final class CentralHosts {
    /** The countries that share {@code sellercentral-europe}, as their merchants see them today (read 2026-11-21). */
    private static final Map<String, Region> OF_SINGLE_COUNTRIES = Map.of(
            "sellercentral.amazon.es", Region.EU,
            "sellercentral.amazon.co.uk", Region.EU,
            "sellercentral.amazon.fr", Region.EU,
            "sellercentral.amazon.de", Region.EU,
            "sellercentral.amazon.it", Region.EU);

    private static final Map<String, Region> REGIONS = regions();

    private CentralHosts() {}

    /** The region whose merchants a host serves; null if it is none of Amazon's. */
    static @Nullable Region region(String host) {
        return REGIONS.get(host);
    }

    static boolean ofVendors(String host) {
        return host.startsWith("vendorcentral.");
    }

    private static Map<String, Region> regions() {
        Map<String, Region> regions = new HashMap<>(OF_SINGLE_COUNTRIES);
        for (Marketplace marketplace : Marketplace.values()) {
            for (String host : marketplace.centralHosts()) {
                regions.put(host, marketplace.region());
            }
        }
        Map<String, Region> all = new HashMap<>(regions);
        regions.forEach((host, region) -> shop(host).ifPresent(shop -> all.put(shop, region)));
        return Map.copyOf(all);
    }

    /** The shop's own domain behind a country's site; {@code sellercentral-europe} is no country's. */
    private static Optional<String> shop(String host) {
        return Stream.of("sellercentral.", "vendorcentral.")
                .filter(host::startsWith)
                .map(prefix -> host.substring(prefix.length()))
                .findFirst();
    }
}
