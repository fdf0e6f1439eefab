package io.perennial.inbox;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.ConnectionUpdated;
import io.perennial.contracts.Event;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.EventType;
import io.perennial.contracts.FetchCompleted;
import io.perennial.contracts.FetchReason;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.contracts.SampleOrder;
import io.perennial.contracts.TenantRef;
import io.perennial.contracts.TenantState;
import io.perennial.contracts.TokenExpired;
import io.perennial.contracts.TokenExpiring;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EventSanityTest {
    private static final Instant TIME = Instant.parse("2026-05-01T10:00:00Z");
    private static final Instant YEAR_9999 = Instant.parse("9999-12-31T23:59:59Z");
    private static final Instant BEYOND_DATABASES = Instant.parse("+1000000-01-01T00:00:00Z");

    static Stream<Arguments> impossible() {
        return Stream.of(
                Arguments.of("IMPOSSIBLE_TIME", new TokenExpired(about("acme", "shop", 1, YEAR_9999), TIME)),
                Arguments.of("IMPOSSIBLE_TIME", new TokenExpired(about("acme", "shop", 1, Instant.EPOCH), TIME)),
                Arguments.of("IMPOSSIBLE_TIME", new TokenExpired(about(), BEYOND_DATABASES)),
                Arguments.of("IMPOSSIBLE_TIME", updated("Shop", List.of(), Instant.parse("-0044-03-15T12:00:00Z"))),
                Arguments.of("IMPOSSIBLE_TIME", completed(0, new SampleOrder("302-1234567-1234567", BEYOND_DATABASES))),
                Arguments.of("IMPOSSIBLE_TIME", new TenantState(new TenantRef("acme", YEAR_9999), null, null)),
                Arguments.of("UNUSABLE_TEXT", updated("Sh\0p", List.of(), null)),
                Arguments.of("UNUSABLE_TEXT", updated("x".repeat(801), List.of(), null)),
                Arguments.of("UNUSABLE_TEXT", updated("Shop", List.of("A1PA6795UKMFR9", "\0"), null)),
                Arguments.of("EMPTY_ITEM", updated("Shop", Arrays.asList("A1PA6795UKMFR9", null), null)),
                Arguments.of("EMPTY_ITEM", new TenantState(new TenantRef("acme", TIME), Arrays.asList(9, null), 1)),
                Arguments.of("UNUSABLE_TEXT", new TokenExpired(about("acme", "sh\0p", 1, TIME), TIME)),
                Arguments.of("UNUSABLE_ID", new TokenExpired(about(" ", "shop", 1, TIME), TIME)),
                Arguments.of("UNUSABLE_ID", new TokenExpired(about("acme", "", 1, TIME), TIME)),
                Arguments.of("UNUSABLE_ID", new TenantState(new TenantRef("", TIME), null, null)),
                Arguments.of("NEGATIVE_GENERATION", new TokenExpired(about("acme", "shop", -1, TIME), TIME)),
                Arguments.of("NEGATIVE_COUNT", new TokenExpiring(about(), -1, 9, TIME)),
                Arguments.of("NEGATIVE_COUNT", completed(-1, null)));
    }

    @ParameterizedTest
    @MethodSource("impossible")
    void what_can_never_be_true_or_stored_is_poison_and_the_reason_is_a_rule(String reason, Event data) {
        assertThatExceptionOfType(PoisonEventException.class)
                .isThrownBy(() -> EventSanity.check(envelope(data, TIME)))
                .withMessage(reason);
    }

    @Test
    void the_time_of_the_envelope_counts_too() {
        assertThatExceptionOfType(PoisonEventException.class)
                .isThrownBy(() -> EventSanity.check(envelope(new TokenExpired(about(), TIME), BEYOND_DATABASES)))
                .withMessage("IMPOSSIBLE_TIME");
    }

    @Test
    void what_is_odd_but_possible_passes() {
        assertThatCode(() -> {
                    EventSanity.check(envelope(updated("\u202e\ud83d\ude00".repeat(200), List.of(), null), TIME));
                    EventSanity.check(envelope(
                            updated("x".repeat(800), List.of(), Instant.parse("2199-12-31T23:59:59.999Z")), TIME));
                    EventSanity.check(envelope(new TokenExpired(about(), Instant.parse("2000-01-01T00:00:00Z")), TIME));
                })
                .doesNotThrowAnyException();
    }

    @Test
    void a_connection_stays_with_its_tenant() {
        EventEnvelope event = envelope(new TokenExpired(about(), TIME), TIME);

        EventSanity.requireTenant(event, "acme");

        assertThatExceptionOfType(PoisonEventException.class)
                .isThrownBy(() -> EventSanity.requireTenant(event, "zenith"))
                .withMessage("OTHER_TENANT");
    }

    private static ConnectionUpdated updated(String label, List<String> marketplaces, Instant endsAt) {
        return new ConnectionUpdated(about(), label, marketplaces, endsAt, null, null);
    }

    private static FetchCompleted completed(int orders, SampleOrder sample) {
        return new FetchCompleted(about(), UUID.randomUUID(), FetchReason.DAILY, TIME, TIME, 1, orders, 0, 0, sample);
    }

    private static ConnectionRef about() {
        return about("acme", "shop", 1, TIME);
    }

    private static ConnectionRef about(String tenant, String externalId, int generation, Instant at) {
        return new ConnectionRef(tenant, new UUID(0, 1), externalId, Provider.AMAZON_SELLER, Region.EU, generation, at);
    }

    private static EventEnvelope envelope(Event data, Instant time) {
        return new EventEnvelope(UUID.randomUUID(), EventType.of(data), "/perennial/auth-service", time, 1, null, data);
    }
}
