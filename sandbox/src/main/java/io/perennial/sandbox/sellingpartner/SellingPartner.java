package io.perennial.sandbox.sellingpartner;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One merchant account in one region.
 *
 * @param ordinal position in the population, part of its order numbers
 * @param secondaryEmail a person who may sign in but is not the primary user, same password
 */
public record SellingPartner(
        int ordinal,
        String sellerId,
        Kind kind,
        String name,
        String email,
        String password,
        Region region,
        List<Marketplace> marketplaces,
        int ordersPerDay,
        @Nullable String secondaryEmail) {

    /** Which central host the account belongs to. */
    public enum Kind {
        SELLER,
        VENDOR
    }

    /** Somebody who signed in. */
    public record User(String email, SellingPartner account, boolean primary) {}

    @Override
    public String toString() {
        return kind + " " + sellerId;
    }
}
