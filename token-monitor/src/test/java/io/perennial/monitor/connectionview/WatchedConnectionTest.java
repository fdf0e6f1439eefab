package io.perennial.monitor.connectionview;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.EndsAtSource;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.EventType;
import io.perennial.contracts.Topics;
import io.perennial.monitor.ConnectionEvents;
import io.perennial.monitor.expiry.ExpiryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class WatchedConnectionTest {
    private static final Instant START = Instant.parse("2026-11-21T10:00:00.123456Z");
    private static final Instant END = START.plus(ConnectionEvents.YEAR);
    private static final int AT_THE_END = 0;
    private static final ExpiryPolicy USUAL = ExpiryPolicy.standard();

    private final ConnectionEvents events = ConnectionEvents.ofTenant("acme");

    @Nested
    class FirstSight {
        @Test
        void a_created_connection_waits_for_its_consent_with_no_stage_before_it() {
            WatchedConnection seen = after(events.created(START));

            assertThat(seen.state()).isEqualTo(ConnectionStatus.PENDING);
            assertThat(seen.label()).isEqualTo("Shop");
            assertThat(seen.nextDueAt(USUAL)).isEmpty();
        }

        @Test
        void a_consent_plans_thirty_days_before_the_end() {
            WatchedConnection seen = after(events.created(START), events.authorized(START));

            assertThat(seen.state()).isEqualTo(ConnectionStatus.ACTIVE);
            assertThat(seen.plan().endsAt()).isEqualTo(END);
            assertThat(seen.nextDueAt(USUAL)).contains(END.minus(Duration.ofDays(30)));
        }

        @Test
        void a_connection_whose_beginning_was_never_seen_is_known_by_its_external_id() {
            WatchedConnection seen = after(events.expired(4, END, END));

            assertThat(seen.label()).isEqualTo("shop-" + events.id());
            assertThat(seen.state()).isEqualTo(ConnectionStatus.EXPIRED);
            assertThat(seen.about().generation()).isEqualTo(4);
            assertThat(seen.nextDueAt(USUAL)).contains(END.plus(Duration.ofDays(7)));
        }

        @Test
        void a_refused_consent_alone_makes_no_connection() {
            assertThat(WatchedConnection.after(null, events.wrongAccount(1, START)))
                    .isNull();
        }
    }

    @Nested
    class Generations {
        @Test
        void a_renewal_starts_a_plan_of_its_own() {
            WatchedConnection reminded = told(after(events.authorized(START)), -9);

            WatchedConnection seen = WatchedConnection.after(reminded, events.renewed(2, START.plusSeconds(60)));

            assertThat(seen.plan().told()).isEqualTo(ExpiryPolicy.NOTHING);
            assertThat(seen.nextDueAt(USUAL)).contains(END.plusSeconds(60).minus(Duration.ofDays(30)));
        }

        @Test
        void a_late_event_of_the_generation_before_has_no_effect_whatever_it_is() {
            WatchedConnection seen = after(events.authorized(START), events.renewed(2, START.plusSeconds(60)));

            assertThat(aboutGeneration(1).values()).allSatisfy(late -> assertThat(WatchedConnection.after(seen, late))
                    .as("%s", late.type())
                    .isSameAs(seen));
        }

        @Test
        void an_older_event_does_not_undo_a_newer_one_of_its_generation() {
            EventEnvelope authorized = events.authorized(START);
            EventEnvelope revoked = events.revoked(1, START.plusSeconds(60), END);
            EventEnvelope reinstated = events.reinstated(1, START.plusSeconds(90), END);
            WatchedConnection seen = after(authorized, reinstated);

            assertThat(WatchedConnection.after(seen, revoked)).isSameAs(seen);
        }

        @Test
        void an_event_of_a_later_generation_tells_of_a_renewal_that_was_missed() {
            Instant nextEnd = END.plus(ConnectionEvents.YEAR);

            WatchedConnection seen = after(
                    events.authorized(START),
                    events.expired(1, END, END),
                    events.updated(2, END.plusSeconds(9), "Shop", nextEnd));

            assertThat(seen.state()).isEqualTo(ConnectionStatus.ACTIVE);
            assertThat(seen.nextDueAt(USUAL)).contains(nextEnd.minus(Duration.ofDays(30)));
        }
    }

    @Nested
    class EarlyDeath {
        @Test
        void a_revocation_stops_the_stages_and_counts_the_weeks_from_itself() {
            Instant death = START.plus(Duration.ofDays(100));

            WatchedConnection seen = after(events.authorized(START), events.revoked(1, death, END));

            assertThat(seen.state()).isEqualTo(ConnectionStatus.REVOKED);
            assertThat(seen.plan().endsAt()).isEqualTo(END);
            assertThat(seen.nextDueAt(USUAL)).contains(death.plus(Duration.ofDays(7)));
        }

        @Test
        void a_revocation_after_the_end_goes_on_with_the_weeks_since_the_end() {
            WatchedConnection overdue = told(after(events.authorized(START)), AT_THE_END + 7);

            WatchedConnection seen =
                    WatchedConnection.after(overdue, events.revoked(1, END.plus(Duration.ofDays(8)), END));

            assertThat(seen.nextDueAt(USUAL)).contains(END.plus(Duration.ofDays(14)));
        }

        @Test
        void a_grant_that_works_again_is_planned_anew() {
            Instant estimated = END.plus(Duration.ofDays(50));

            WatchedConnection seen = after(
                    events.authorized(START),
                    events.revoked(1, START.plusSeconds(60), END),
                    events.reinstated(1, START.plusSeconds(90), estimated));

            assertThat(seen.state()).isEqualTo(ConnectionStatus.ACTIVE);
            assertThat(seen.plan()).isEqualTo(new Plan(estimated, EndsAtSource.ESTIMATE, null, ExpiryPolicy.NOTHING));
        }

        @Test
        void an_expiry_leaves_only_the_weeks_after_the_end() {
            WatchedConnection seen = after(events.authorized(START), events.expired(1, END.plusSeconds(2), END));

            assertThat(seen.state()).isEqualTo(ConnectionStatus.EXPIRED);
            assertThat(seen.plan().told()).isEqualTo(AT_THE_END);
            assertThat(seen.nextDueAt(USUAL)).contains(END.plus(Duration.ofDays(7)));
        }
    }

    @Nested
    class Corrections {
        @Test
        void a_new_label_changes_no_plan() {
            WatchedConnection before = told(after(events.authorized(START)), -23);

            WatchedConnection seen = WatchedConnection.after(before, events.updated(1, START, "Renamed", END));

            assertThat(seen.label()).isEqualTo("Renamed");
            assertThat(seen.plan().told()).isEqualTo(-23);
        }

        @Test
        void an_end_moved_a_little_tells_no_stage_twice() {
            WatchedConnection before = told(after(events.authorized(START)), -23);
            Instant corrected = END.plus(Duration.ofDays(1));

            WatchedConnection seen = WatchedConnection.after(before, events.updated(1, START, "Shop", corrected));

            assertThat(seen.nextDueAt(USUAL)).contains(corrected.minus(Duration.ofDays(16)));
            assertThat(seen.plan().endsAtSource()).isEqualTo(EndsAtSource.OPERATOR);
        }

        @Test
        void an_end_moved_a_week_or_more_is_a_new_plan() {
            WatchedConnection before = told(after(events.authorized(START)), -2);
            Instant corrected = END.plus(Duration.ofDays(40));

            WatchedConnection seen = WatchedConnection.after(before, events.updated(1, START, "Shop", corrected));

            assertThat(seen.nextDueAt(USUAL)).contains(corrected.minus(Duration.ofDays(30)));
        }

        @Test
        void the_end_of_a_dead_grant_is_corrected_without_reminding_that_it_will_end() {
            WatchedConnection seen = after(
                    events.authorized(START),
                    events.expired(1, END, END),
                    events.updated(1, END, "Shop", END.plus(Duration.ofDays(30))));

            assertThat(seen.state()).isEqualTo(ConnectionStatus.EXPIRED);
            assertThat(seen.nextDueAt(USUAL)).contains(END.plus(Duration.ofDays(37)));
        }
    }

    @Test
    void a_disconnected_connection_stays_so_whatever_comes() {
        WatchedConnection seen = after(events.authorized(START), events.disconnected(1, START.plusSeconds(5)));

        assertThat(seen.state()).isEqualTo(ConnectionStatus.DISCONNECTED);
        assertThat(seen.nextDueAt(USUAL)).isEmpty();
        assertThat(aboutGeneration(9).values()).allSatisfy(late -> assertThat(WatchedConnection.after(seen, late))
                .isSameAs(seen));
    }

    @Test
    void every_kind_of_event_on_the_topic_is_decided() {
        Set<EventType> onTopic = Arrays.stream(EventType.values())
                .filter(type -> type.topic().equals(Topics.CONNECTIONS))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(EventType.class)));

        assertThat(aboutGeneration(1).keySet()).containsExactlyInAnyOrderElementsOf(onTopic);
    }

    @Test
    void refused_and_abandoned_attempts_have_no_effect() {
        WatchedConnection seen = after(events.authorized(START));

        assertThat(List.of(
                        events.wrongAccount(2, START),
                        events.duplicate(2, START),
                        events.abandoned(2, START),
                        events.held(2, START),
                        events.failed(2, START),
                        events.askedAgain(2, START)))
                .allSatisfy(event ->
                        assertThat(WatchedConnection.after(seen, event)).isSameAs(seen));
    }

    private Map<EventType, EventEnvelope> aboutGeneration(int generation) {
        Instant at = START.plusSeconds(90);
        Map<EventType, EventEnvelope> all = new LinkedHashMap<>();
        for (EventEnvelope event : List.of(
                events.created(at),
                events.authorized(at),
                events.renewed(generation, at),
                events.updated(generation, at, "Late", at),
                events.expired(generation, at, at),
                events.revoked(generation, at, at),
                events.reinstated(generation, at, at),
                events.disconnected(generation, at),
                events.wrongAccount(generation, at),
                events.duplicate(generation, at),
                events.abandoned(generation, at),
                events.held(generation, at),
                events.failed(generation, at),
                events.askedAgain(generation, at))) {
            all.put(event.type(), event);
        }
        return all;
    }

    private static WatchedConnection after(EventEnvelope... told) {
        WatchedConnection known = null;
        for (EventEnvelope event : told) {
            known = WatchedConnection.after(known, event);
        }
        return known;
    }

    private static WatchedConnection told(WatchedConnection connection, int day) {
        Plan plan = connection.plan();
        return new WatchedConnection(
                connection.about(),
                connection.label(),
                connection.state(),
                new Plan(plan.endsAt(), plan.endsAtSource(), plan.revokedAt(), day),
                connection.planSequence(),
                connection.seen());
    }
}
