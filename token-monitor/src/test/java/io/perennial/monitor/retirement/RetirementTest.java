package io.perennial.monitor.retirement;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.clock.DomainClock;
import io.perennial.clock.MachineClock;
import io.perennial.monitor.MonitorDatabase;
import io.perennial.testsupport.Database;
import io.perennial.testsupport.PerennialExtension;
import io.perennial.testsupport.TestDatabase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PerennialExtension.class)
class RetirementTest {
    private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

    private final Vertx vertx = Vertx.vertx();
    private MonitorDatabase database;
    private Retirement retirement;

    @BeforeEach
    void migrate(@Database("monitor_retirement") TestDatabase empty) {
        database = new MonitorDatabase(empty);
        retirement = new Retirement(vertx, database.pool(), DomainClock.immovable(new MachineClock()));
    }

    @AfterEach
    void close() {
        database.close();
        vertx.close();
    }

    @Test
    void the_turn_comes_once_a_day() {
        assertThat(turn(START)).hasValue(0);
        assertThat(turn(START.plusSeconds(30))).isEmpty();
        assertThat(turn(START.plus(Duration.ofHours(13)))).isEmpty();
        assertThat(turn(START.plus(Duration.ofHours(14)))).hasValue(0);
    }

    @Test
    void a_jump_over_many_days_is_one_turn() {
        turn(START);

        assertThat(turn(START.plus(Duration.ofDays(335)))).isPresent();
        assertThat(turn(START.plus(Duration.ofDays(335)).plusSeconds(30))).isEmpty();
    }

    @Test
    void only_what_was_given_up_longer_ago_than_any_topic_remembers_is_forgotten() {
        UUID old = givenUp(START.minus(Duration.ofDays(401)));
        UUID recent = givenUp(START.minus(Duration.ofDays(399)));
        UUID alive = database.watch(START.minus(Duration.ofDays(900)));

        assertThat(turn(START)).hasValue(1);
        assertThat(database.query("select connection_id from watched_connection"))
                .extracting(row -> row.getUUID(0))
                .containsExactlyInAnyOrder(recent, alive)
                .doesNotContain(old);
    }

    private UUID givenUp(Instant at) {
        UUID id = database.watch(at);
        database.query(
                "update watched_connection set state = 'DISCONNECTED', next_due_at = null where connection_id = $1",
                id);
        return id;
    }

    private OptionalInt turn(Instant now) {
        return retirement.turn(now).await().atMost(Duration.ofSeconds(30));
    }
}
