package io.perennial.merchants.year;

import io.perennial.merchants.Seller;
import io.perennial.merchants.Shop;
import org.jspecify.annotations.Nullable;

/**
 * What a merchant did in a step.
 *
 * @param as the account that he came with if it was not his
 */
public record Act(Shop shop, Kind kind, @Nullable Seller as) {

    /** What there is to do. */
    public enum Kind {
        /** Opened the link and consented. */
        RENEWED,
        /** Consented with the account of somebody else, and was refused. */
        CAME_AS_ANOTHER,
        /** Cancelled at the provider's page. */
        TURNED_BACK,
        /** Took the authorization back at the provider. */
        REVOKED
    }
}
