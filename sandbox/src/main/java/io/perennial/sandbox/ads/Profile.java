package io.perennial.sandbox.ads;

import io.perennial.sandbox.sellingpartner.Marketplace;
import io.perennial.sandbox.sellingpartner.SellingPartner;
import io.perennial.sandbox.sellingpartner.SellingPartner.Kind;

/**
 * What one store advertises in one marketplace.
 *
 * @param id beyond 2^53 and odd: whoever reads it as a floating-point number gets another one
 */
record Profile(long id, SellingPartner owner, Marketplace marketplace) {

    /** Advertising still says UK. */
    String countryCode() {
        return marketplace == Marketplace.GB ? "UK" : marketplace.name();
    }

    String accountType() {
        return owner.kind() == Kind.VENDOR ? "vendor" : "seller";
    }

    String accountId() {
        return owner.kind() == Kind.VENDOR ? "ENTITY" + owner.sellerId() : owner.sellerId();
    }

    String timezone() {
        return switch (marketplace) {
            case CA, US, MX -> "America/Los_Angeles";
            case BR -> "America/Sao_Paulo";
            case GB, IE -> "Europe/London";
            case TR -> "Europe/Istanbul";
            case EG -> "Africa/Cairo";
            case ZA -> "Africa/Johannesburg";
            case SA -> "Asia/Riyadh";
            case AE -> "Asia/Dubai";
            case IN -> "Asia/Kolkata";
            case SG -> "Asia/Singapore";
            case AU -> "Australia/Sydney";
            case JP -> "Asia/Tokyo";
            case ES, FR, BE, NL, DE, IT, SE, PL -> "Europe/Paris";
        };
    }
}
