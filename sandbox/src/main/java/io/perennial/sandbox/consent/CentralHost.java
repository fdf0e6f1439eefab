package io.perennial.sandbox.consent;

import io.perennial.sandbox.sellingpartner.Marketplace;
import io.perennial.sandbox.sellingpartner.Region;
import io.perennial.sandbox.sellingpartner.SellingPartner;
import io.perennial.sandbox.sellingpartner.SellingPartner.Kind;
import java.util.Locale;
import java.util.Optional;

/** Stands for one of Amazon's central hosts; in the sandbox it is the beginning of a path. */
record CentralHost(Kind kind, String country, Region region) {

    static final String SELLER = "seller-central";
    static final String VENDOR = "vendor-central";

    static Optional<CentralHost> of(String central, String country) {
        Kind kind = central.equals(VENDOR) ? Kind.VENDOR : Kind.SELLER;
        String code = country.toLowerCase(Locale.ROOT);
        if (code.equals("europe")) {
            return Optional.of(new CentralHost(kind, code, Region.EU));
        }
        return Marketplace.ofCountry(code).map(marketplace -> new CentralHost(kind, code, marketplace.region()));
    }

    boolean serves(SellingPartner account) {
        return account.kind() == kind && account.region() == region;
    }

    String path() {
        return "/" + (kind == Kind.VENDOR ? VENDOR : SELLER) + "/" + country;
    }

    String title() {
        return (kind == Kind.VENDOR ? "Vendor" : "Seller") + " Central " + country.toUpperCase(Locale.ROOT);
    }
}
