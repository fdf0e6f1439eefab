package io.perennial.auth.authorization.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.auth.authorization.guard.AccountGuard.Expected;
import io.perennial.auth.token.CandidateProbe.Verdict.Works;
import io.perennial.auth.token.amazon.OrderSight;
import io.perennial.auth.token.amazon.Participation;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AccountGuardTest {
    private static final Expected RENEWAL = new Expected(false, false, "Shop  17", List.of("DE", "FR"));
    private static final Expected FIRST = new Expected(true, false, null, List.of());
    private static final Expected NOTHING_KNOWN = new Expected(false, false, null, List.of());
    private static final Expected TRUSTED = new Expected(false, true, "Shop 17", List.of("DE"));

    private static final Map<String, Participation> STORES = Map.of(
            "right", new Participation.Known("shop 17 ", List.of("FR", "IT")),
            "nameless", new Participation.Known(null, List.of("FR")),
            "elsewhere", new Participation.Known("Shop 17", List.of("US")),
            "renamed", new Participation.Known("Other", List.of("DE")),
            "empty", new Participation.Known(null, List.of()),
            "denied", new Participation.Denied(),
            "unknown", new Participation.Unknown(),
            "not offered", new Participation.NotOffered());
    private static final Map<String, OrderSight> ORDERS = Map.of(
            "not asked", new OrderSight.NotAsked(),
            "readable", new OrderSight.Readable(),
            "missing", new OrderSight.Missing(),
            "denied", new OrderSight.Denied(),
            "unknown", new OrderSight.Unknown());

    static Stream<Arguments> rulings() {
        return Stream.of(
                row(RENEWAL, "right", "not asked", Finding.MATCHES),
                row(RENEWAL, "right", "readable", Finding.MATCHES),
                row(RENEWAL, "nameless", "readable", Finding.MATCHES),
                row(RENEWAL, "right", "missing", Finding.ORDER_UNKNOWN),
                row(RENEWAL, "right", "denied", Finding.NO_EVIDENCE),
                row(RENEWAL, "right", "unknown", Finding.UNDECIDED),
                row(RENEWAL, "elsewhere", "readable", Finding.MARKETPLACES),
                row(RENEWAL, "renamed", "not asked", Finding.STORE_NAME),
                row(RENEWAL, "renamed", "unknown", Finding.STORE_NAME),
                row(RENEWAL, "empty", "not asked", Finding.NO_EVIDENCE),
                row(RENEWAL, "empty", "readable", Finding.NO_EVIDENCE),
                row(RENEWAL, "empty", "missing", Finding.ORDER_UNKNOWN),
                row(RENEWAL, "denied", "readable", Finding.NO_EVIDENCE),
                row(RENEWAL, "unknown", "readable", Finding.UNDECIDED),
                row(RENEWAL, "unknown", "denied", Finding.UNDECIDED),
                row(RENEWAL, "not offered", "not asked", Finding.MATCHES),
                row(FIRST, "right", "not asked", Finding.MATCHES),
                row(FIRST, "empty", "not asked", Finding.NO_EVIDENCE),
                row(FIRST, "denied", "not asked", Finding.NO_EVIDENCE),
                row(NOTHING_KNOWN, "right", "not asked", Finding.NO_EVIDENCE),
                row(NOTHING_KNOWN, "right", "readable", Finding.MATCHES),
                row(NOTHING_KNOWN, "right", "missing", Finding.ORDER_UNKNOWN),
                row(TRUSTED, "renamed", "missing", Finding.MATCHES),
                row(TRUSTED, "denied", "not asked", Finding.MATCHES));
    }

    private static Arguments row(Expected expected, String store, String order, Finding finding) {
        return Arguments.of(expected, store, order, finding);
    }

    @ParameterizedTest
    @MethodSource("rulings")
    void what_can_be_compared_must_fit_and_something_must_be_comparable(
            Expected expected, String store, String order, Finding finding) {
        assertThat(AccountGuard.byEvidence(expected, new Works(STORES.get(store), ORDERS.get(order))))
                .isEqualTo(finding);
    }

    @Test
    void another_id_than_the_required_one_is_another_account() {
        assertThat(AccountGuard.byId("A1", "A2")).isEqualTo(Finding.ACCOUNT_ID);
        assertThat(AccountGuard.byId("A1", "A1")).isEqualTo(Finding.MATCHES);
        assertThat(AccountGuard.byId(null, "A1")).isEqualTo(Finding.MATCHES);
    }
}
