package io.perennial.notify.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.contracts.AuthorizationFailed;
import io.perennial.contracts.ConnectionDisconnected;
import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.EndsAtSource;
import io.perennial.contracts.Event;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.EventType;
import io.perennial.contracts.FetchCompleted;
import io.perennial.contracts.FetchFailed;
import io.perennial.contracts.FetchReason;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.contracts.ReminderKind;
import io.perennial.contracts.RenewalOverdue;
import io.perennial.contracts.RenewalReason;
import io.perennial.contracts.RenewalRequired;
import io.perennial.contracts.TokenExpired;
import io.perennial.contracts.TokenExpiring;
import io.perennial.contracts.TokenReinstated;
import io.perennial.contracts.TokenRenewed;
import io.perennial.contracts.TokenRevoked;
import io.perennial.notify.EventSource;
import io.perennial.notify.reminder.PlannedReminder;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutingTest {
    private static final Instant NOW = Instant.parse("2027-03-01T09:00:00Z");
    private final UUID connection = UUID.randomUUID();

    @ParameterizedTest
    @ValueSource(ints = {30, 23, 16, 9, 2})
    void a_stage_before_the_end_asks_for_its_mail(int stage) {
        assertThat(RoutingPolicy.reminder(expiring(stage)))
                .contains(new PlannedReminder(about(1), ReminderKind.EXPIRING, stage, 0, NOW));
    }

    @Test
    void the_end_itself_has_no_mail_of_its_own() {
        assertThat(RoutingPolicy.reminder(expiring(0))).isEmpty();
    }

    @Test
    void what_happened_asks_for_its_kind() {
        assertThat(kinds(
                        new TokenExpired(about(1), NOW),
                        new RenewalOverdue(about(1), 3, NOW),
                        new TokenRevoked(about(1), NOW, null)))
                .containsExactly("EXPIRED/0", "OVERDUE/3", "REVOKED/0");
    }

    @Test
    void a_campaign_asks_for_its_mail_under_its_number() {
        Event required = new RenewalRequired(about(1), RenewalReason.ROLE_ADDED, UUID.randomUUID(), 7, 3);
        assertThat(RoutingPolicy.reminder(required))
                .contains(new PlannedReminder(about(1), ReminderKind.CAMPAIGN, 7, 0));
    }

    @Test
    void a_consent_that_came_to_nothing_is_told_where_trying_again_may_help() {
        assertThat(kinds(
                        new AuthorizationFailed(about(1), "GRANT_REFUSED"),
                        new AuthorizationFailed(about(1), "REVIEW_REFUSED"),
                        new AuthorizationFailed(about(1), "ACCOUNT_NOT_ALLOWED"),
                        new AuthorizationFailed(about(1), "IMPORTED_TOKEN_NOT_TAKEN"),
                        new AuthorizationFailed(about(1), "SOMETHING_NEW")))
                .containsExactly("CONSENT_FAILED/0", "CONSENT_FAILED/0");
    }

    @ParameterizedTest
    @EnumSource(FetchReason.class)
    void only_the_catching_up_after_a_renewal_is_told_of(FetchReason reason) {
        Event fetched = new FetchCompleted(about(2), UUID.randomUUID(), reason, NOW, NOW, 3, 40, 2, 100, null);
        assertThat(RoutingPolicy.reminder(fetched).map(PlannedReminder::ordersCaughtUp))
                .isEqualTo(
                        reason == FetchReason.RENEWAL_GAP
                                ? java.util.Optional.of(42)
                                : java.util.Optional.<Integer>empty());
    }

    @Test
    void a_catching_up_that_ends_without_its_orders_is_told_of_without_a_number() {
        for (String code : List.of("ROLE_MISSING", "CANCELLED_BY_REQUEST")) {
            assertThat(RoutingPolicy.reminder(failed(FetchReason.RENEWAL_GAP, code)))
                    .contains(new PlannedReminder(about(2), ReminderKind.RECONNECTED, 0, null));
        }
        assertThat(RoutingPolicy.reminder(failed(FetchReason.DAILY, "ROLE_MISSING")))
                .isEmpty();
        // Of the one that a renewal puts in its place.
        assertThat(RoutingPolicy.reminder(failed(FetchReason.RENEWAL_GAP, "SUPERSEDED")))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void a_renewal_is_told_of_at_once_where_no_orders_are_fetched(Provider provider) {
        ConnectionRef about = new ConnectionRef("acme", connection, "ext", provider, Region.EU, 2, NOW);
        Event renewed = new TokenRenewed(about, "A2MUSTER12345", null, List.of(), NOW, NOW, EndsAtSource.RULE, NOW);
        assertThat(kinds(renewed)).isEqualTo(provider == Provider.AMAZON_SELLER ? List.of() : List.of("RECONNECTED/0"));
    }

    private Event failed(FetchReason reason, String code) {
        return new FetchFailed(about(2), UUID.randomUUID(), reason, code);
    }

    @Test
    void a_batch_is_folded_to_the_highest_generation() {
        EventBatch batch = batch(expiring(9), new TokenExpired(about(3), NOW), new TokenExpired(about(2), NOW));
        assertThat(batch.sightings()).singleElement().satisfies(seen -> {
            assertThat(seen.about().generation()).isEqualTo(3);
            assertThat(seen.disconnected()).isFalse();
        });
    }

    @Test
    void the_end_of_a_connection_is_seen_wherever_it_stands_in_the_batch() {
        EventBatch batch = batch(new ConnectionDisconnected(about(1)), expiring(9));
        assertThat(batch.sightings()).singleElement().satisfies(seen -> assertThat(seen.disconnected())
                .isTrue());
    }

    @Test
    void a_reinstatement_undoes_what_came_before_it_and_not_what_comes_after() {
        TokenReinstated reinstated = new TokenReinstated(about(1), NOW, EndsAtSource.ESTIMATE);
        assertThat(planned(batch(new TokenRevoked(about(1), NOW, null), expiring(9), reinstated)))
                .containsExactly("EXPIRING/9");
        assertThat(planned(batch(reinstated, new TokenRevoked(about(1), NOW, null))))
                .containsExactly("REVOKED/0");
        assertThat(batch(reinstated).reinstated()).containsExactly(connection);
    }

    @Test
    void a_reinstatement_that_comes_late_undoes_nothing_that_happened_after_it() {
        TokenReinstated late =
                new TokenReinstated(EventSource.about(connection, 1, NOW.minusSeconds(9)), NOW, EndsAtSource.ESTIMATE);
        EventBatch batch = batch(new RenewalOverdue(about(2), 1, NOW), late);
        assertThat(planned(batch)).containsExactly("OVERDUE/1");
        assertThat(batch.sightings()).singleElement().satisfies(seen -> {
            assertThat(seen.about().generation()).isEqualTo(2);
            assertThat(seen.reinstatedAt()).isEqualTo(NOW.minusSeconds(9));
        });
    }

    private ConnectionRef about(int generation) {
        return EventSource.about(connection, generation, NOW);
    }

    private TokenExpiring expiring(int stage) {
        return new TokenExpiring(about(1), stage, stage, NOW);
    }

    private static EventBatch batch(Event... events) {
        return EventBatch.of(Stream.of(events)
                .map(event -> new EventEnvelope(
                        UUID.randomUUID(), EventType.of(event), "/perennial/test", NOW, 1, null, event))
                .toList());
    }

    private static List<String> kinds(Event... events) {
        return Stream.of(events)
                .flatMap(event -> RoutingPolicy.reminder(event).stream())
                .map(RoutingTest::text)
                .toList();
    }

    private static List<String> planned(EventBatch batch) {
        return batch.planned().stream().map(RoutingTest::text).toList();
    }

    private static String text(PlannedReminder reminder) {
        return reminder.kind() + "/" + reminder.stage();
    }
}
