package io.perennial.auth.authorization.guard;

import io.perennial.auth.connection.ConnectionView;
import io.perennial.auth.token.CandidateProbe.Verdict.Works;
import io.perennial.auth.token.amazon.OrderSight;
import io.perennial.auth.token.amazon.Participation;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a consent came from the account it should come from.
 *
 * <p>The account's id in the callback is plain text of an address that anybody can write, and no operation of the
 * provider reads it back from a token. So the store behind the new token is compared with the one that was seen at the
 * last consent, and the token has to read an order that a former one read. What can be compared must fit; where nothing
 * can be compared, nobody but an operator decides.
 */
public final class AccountGuard {
    private AccountGuard() {}

    /** By the id that the callback names. */
    public static Finding byId(@Nullable String required, String offered) {
        return required == null || required.equals(offered) ? Finding.MATCHES : Finding.ACCOUNT_ID;
    }

    /**
     * What is known of the right account.
     *
     * @param first whether nobody ever consented for the connection: there is nothing to compare with yet
     * @param trusted whether an operator has checked that the next consent is right, whatever it shows
     */
    public record Expected(boolean first, boolean trusted, @Nullable String storeName, List<String> marketplaces) {
        public static Expected of(ConnectionView connection) {
            return new Expected(
                    connection.accountId() == null,
                    connection.trustNextConsent(),
                    connection.accountName(),
                    connection.accountMarketplaces());
        }

        boolean fingerprinted() {
            return !marketplaces.isEmpty() || named(storeName);
        }
    }

    /** By what the new token can see. */
    public static Finding byEvidence(Expected expected, Works seen) {
        if (expected.trusted() || seen.store() instanceof Participation.NotOffered) {
            return Finding.MATCHES;
        }
        boolean comparable =
                expected.first() || expected.fingerprinted() || !(seen.order() instanceof OrderSight.NotAsked);
        return gravest(byStore(expected, seen.store()), byOrder(seen.order()), comparable);
    }

    private static Finding gravest(Finding store, Finding order, boolean comparable) {
        if (store.contradicts() || order.contradicts()) {
            return store.contradicts() ? store : order;
        }
        Set<Finding> both = EnumSet.of(store, order);
        if (both.contains(Finding.UNDECIDED)) {
            return Finding.UNDECIDED;
        }
        return both.contains(Finding.NO_EVIDENCE) || !comparable ? Finding.NO_EVIDENCE : Finding.MATCHES;
    }

    private static Finding byStore(Expected expected, Participation store) {
        if (store instanceof Participation.Unknown) {
            return Finding.UNDECIDED;
        }
        // A token of another region sees an empty list instead of an error.
        if (!(store instanceof Participation.Known known)
                || known.marketplaces().isEmpty()) {
            return Finding.NO_EVIDENCE;
        }
        if (!expected.marketplaces().isEmpty() && Collections.disjoint(expected.marketplaces(), known.marketplaces())) {
            return Finding.MARKETPLACES;
        }
        return named(expected.storeName())
                        && named(known.storeName())
                        && !plain(expected.storeName()).equals(plain(known.storeName()))
                ? Finding.STORE_NAME
                : Finding.MATCHES;
    }

    private static Finding byOrder(OrderSight order) {
        if (order instanceof OrderSight.Unknown) {
            return Finding.UNDECIDED;
        }
        if (order instanceof OrderSight.Denied) {
            return Finding.NO_EVIDENCE;
        }
        return order instanceof OrderSight.Missing ? Finding.ORDER_UNKNOWN : Finding.MATCHES;
    }

    private static boolean named(@Nullable String name) {
        return name != null && !name.isBlank();
    }

    private static String plain(@Nullable String name) {
        return String.valueOf(name).strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
    }
}
