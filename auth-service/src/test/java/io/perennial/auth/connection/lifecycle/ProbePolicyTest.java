package io.perennial.auth.connection.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.contracts.ConnectionStatus;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProbePolicyTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final ProbingConfig USUAL =
            new SmallRyeConfigBuilder().withMapping(ProbingConfig.class).build().getConfigMapping(ProbingConfig.class);

    @ParameterizedTest
    @EnumSource(
            value = ConnectionStatus.class,
            names = {"ACTIVE", "OVERDUE"})
    void a_live_grant_is_seen_within_six_hours_spread_over_an_eighth_of_them(ConnectionStatus state) {
        assertSpread(state, Duration.ofHours(6), 600);
    }

    @ParameterizedTest
    @EnumSource(
            value = ConnectionStatus.class,
            names = {"EXPIRED", "REVOKED"})
    void a_dead_one_is_tried_once_a_day(ConnectionStatus state) {
        assertSpread(state, Duration.ofDays(1), 600);
    }

    @Test
    void the_second_look_at_a_refused_one_comes_after_two_minutes() {
        assertThat(next(ConnectionStatus.SUSPECT, new UUID(1, 1))).isEqualTo(NOW.plus(Duration.ofMinutes(2)));
    }

    @ParameterizedTest
    @EnumSource(
            value = ConnectionStatus.class,
            names = {"PENDING", "DISCONNECTED"})
    void without_a_grant_nobody_is_asked(ConnectionStatus state) {
        assertThat(ProbePolicy.next(USUAL, state, new UUID(1, 1), NOW)).isNull();
    }

    private static void assertSpread(ConnectionStatus state, Duration interval, int atLeast) {
        Set<Instant> places = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            UUID id = new UUID(0x0199_0000_0000_7000L, i);
            Instant next = next(state, id);
            assertThat(next)
                    .isBetween(NOW.plus(interval).minus(interval.dividedBy(8)), NOW.plus(interval))
                    .isEqualTo(next(state, id));
            places.add(next);
        }
        assertThat(places).hasSizeGreaterThan(atLeast);
    }

    private static Instant next(ConnectionStatus state, UUID id) {
        return Objects.requireNonNull(ProbePolicy.next(USUAL, state, id, NOW));
    }
}
