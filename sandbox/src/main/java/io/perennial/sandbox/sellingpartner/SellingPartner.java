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
        VENDOR,
        /** No store at all: advertises for others. */
        AGENCY
    }

    /** Somebody who signed in. */
    public record User(String email, SellingPartner account, boolean primary) {

        /** Whose consent it is where consent is a person's and not an account's. */
        public String loginId() {
            return primary ? account.sellerId() : account.sellerId() + "-2";
        }
    }

    @Override
    public String toString() {
        return kind + " " + sellerId;
    }
}
