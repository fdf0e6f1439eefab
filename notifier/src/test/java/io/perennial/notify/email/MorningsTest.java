package io.perennial.notify.email;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MorningsTest {
    private static final LocalTime NINE = LocalTime.of(9, 0);

    @Test
    void the_morning_is_the_first_one_and_local() {
        assertThat(first("2026-11-22T08:59:59Z", "UTC")).isEqualTo("2026-11-22T09:00:00Z");
        assertThat(first("2026-11-22T09:00:00Z", "UTC")).isEqualTo("2026-11-22T09:00:00Z");
        assertThat(first("2026-11-22T09:00:00.000001Z", "UTC")).isEqualTo("2026-11-23T09:00:00Z");
        assertThat(first("2026-11-22T09:00:00Z", "Europe/Berlin")).isEqualTo("2026-11-23T08:00:00Z");
        assertThat(first("2026-11-22T23:30:00Z", "Asia/Tokyo")).isEqualTo("2026-11-23T00:00:00Z");
    }

    @Test
    void clocks_that_are_put_on_or_back_in_the_night_do_not_move_the_morning() {
        assertThat(first("2027-03-27T12:00:00Z", "Europe/Berlin")).isEqualTo("2027-03-28T07:00:00Z");
        assertThat(first("2026-10-24T12:00:00Z", "Europe/Berlin")).isEqualTo("2026-10-25T08:00:00Z");
        // Samoa skipped the 30th of December 2011.
        assertThat(first("2011-12-29T20:00:00Z", "Pacific/Apia")).isEqualTo("2011-12-30T19:00:00Z");
    }

    @Test
    void in_every_zone_and_around_every_change_of_its_clock_a_morning_follows_soon() {
        Random random = new Random(20261122);
        List<LocalTime> times = List.of(NINE, LocalTime.of(2, 30), LocalTime.MIDNIGHT);
        for (String name : ZoneId.getAvailableZoneIds()) {
            ZoneId zone = ZoneId.of(name);
            Instant at = Instant.parse("2026-01-01T00:00:00Z");
            for (int i = 0; i < 20; i++) {
                ZoneOffsetTransition next = zone.getRules().nextTransition(at);
                at = (next == null ? at.plus(Duration.ofDays(30)) : next.getInstant())
                        .plusSeconds(random.nextInt(200_000) - 100_000);
                for (LocalTime time : times) {
                    Instant morning = Mornings.first(at, zone, time);
                    assertThat(morning).as(name + " " + at).isBetween(at, at.plus(Duration.ofHours(26)));
                }
                at = next == null ? at : next.getInstant();
            }
        }
    }

    @Test
    void a_zone_that_nobody_knows_is_utc() {
        assertThat(Mornings.zone(null)).isEqualTo(ZoneOffset.UTC);
        assertThat(Mornings.zone("Mars/Olympus Mons")).isEqualTo(ZoneOffset.UTC);
        assertThat(Mornings.zone("Europe/Berlin")).isEqualTo(ZoneId.of("Europe/Berlin"));
    }

    private static Instant first(String notBefore, String zone) {
        return Mornings.first(Instant.parse(notBefore), ZoneId.of(zone), NINE);
    }
}
