package io.perennial.auth.authorization;

import io.perennial.auth.connection.ConnectionView;
import io.perennial.auth.token.amazon.Participation;
import java.util.Collections;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether a consent came from the account it should come from.
 *
 * <p>The account's id in the callback is plain text of an address that anybody can write, and no operation of the
 * provider reads it back from a token. So the store behind the new token is compared with the one that was seen at the
 * last consent.
 */
final class AccountGuard {
    /** What the guard finds. */
    enum Finding {
        MATCHES,
        /** Another account's id. */
        ACCOUNT_ID,
        /** The id is right, but none of the marketplaces is. */
        MARKETPLACES,
        /** The id is right, but the store has another name. */
        STORE_NAME
    }

    private AccountGuard() {}

    static Finding byId(@Nullable String required, String offered) {
        return required == null || required.equals(offered) ? Finding.MATCHES : Finding.ACCOUNT_ID;
    }

    static Finding byEvidence(ConnectionView connection, Participation.Known store) {
        if (!connection.accountMarketplaces().isEmpty()
                && !store.marketplaces().isEmpty()
                && Collections.disjoint(connection.accountMarketplaces(), store.marketplaces())) {
            return Finding.MARKETPLACES;
        }
        return named(connection.accountName())
                        && named(store.storeName())
                        && !plain(connection.accountName()).equals(plain(store.storeName()))
                ? Finding.STORE_NAME
                : Finding.MATCHES;
    }

    private static boolean named(@Nullable String name) {
        return name != null && !name.isBlank();
    }

    private static String plain(@Nullable String name) {
        return String.valueOf(name).strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
    }
}
