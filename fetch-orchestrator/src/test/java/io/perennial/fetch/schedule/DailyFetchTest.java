package io.perennial.fetch.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.fetch.FetchService;
import io.perennial.fetch.Stage;
import io.perennial.fetch.backfill.FetchLoop;
import io.perennial.outbox.Outbox;
import io.perennial.testsupport.ReceivedEvent;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithPerennial(database = "fetch", sandbox = true)
@FetchService
class DailyFetchTest {
    @Inject
    DailyFetch daily;

    @Inject
    Pool pool;

    @Inject
    FetchLoop loop;

    @Inject
    Outbox outbox;

    @Test
    void days_missed_by_a_jump_of_the_clock_are_one_window() {
        try (Stage stage = Stage.withSeller("EU", 5)) {
            stage.authorized();
            Instant covered = Stage.to(stage.completed("FIRST_LOAD"));
            stage.clock.advance(Duration.ofDays(9));
            planAll(stage);
            planAll(stage);
            ReceivedEvent completed = stage.completed("DAILY");
            assertThat(Stage.from(completed)).isEqualTo(covered.minus(Duration.ofMinutes(15)));
            assertThat(stage.orderIds(Stage.fetchId(completed)))
                    .isEqualTo(stage.amazon.truthAfter(stage.seller, covered, Stage.to(completed)));
            assertThat(stage.fetches().getList("fetches.reason")).containsExactly("DAILY", "FIRST_LOAD");
        }
    }

    @Test
    void an_imported_connection_begins_where_the_integrator_has_no_orders_and_waits_for_its_turn() {
        try (Stage stage = Stage.withSeller("EU", 6)) {
            Instant turn = stage.clock.now().plus(Duration.ofHours(2));
            setTurn(turn);
            Instant covered =
                    stage.clock.now().minus(Duration.ofDays(4)).truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
            stage.imported(covered);
            org.awaitility.Awaitility.await().until(() -> hasSlot(stage));
            assertThat(stage.fetches().getList("fetches.state")).containsExactly("WAITING");

            stage.clock.advance(Duration.ofHours(2).plusMinutes(1));
            ReceivedEvent completed = stage.completed("FIRST_LOAD");
            assertThat(Stage.from(completed)).isEqualTo(covered.minus(Duration.ofMinutes(15)));
            assertThat(stage.orderIds(Stage.fetchId(completed)))
                    .isEqualTo(stage.amazon.truthAfter(stage.seller, Stage.from(completed), Stage.to(completed)));
        } finally {
            setTurn(Instant.EPOCH);
        }
    }

    private void setTurn(Instant next) {
        pool.preparedQuery("update first_load_queue set next_at = $1")
                .execute(io.vertx.mutiny.sqlclient.Tuple.of(next.atOffset(java.time.ZoneOffset.UTC)))
                .await()
                .indefinitely();
    }

    @Test
    void an_expired_connection_has_no_daily_fetch() {
        try (Stage stage = Stage.withSeller("EU", 8)) {
            stage.authorized();
            stage.completed("FIRST_LOAD");
            stage.expired(1);
            stage.renewed(2);
            stage.completed("RENEWAL_GAP");
            stage.revoked(2);
            org.awaitility.Awaitility.await().until(() -> !hasSlot(stage));
            stage.clock.advance(Duration.ofDays(2));
            planAll(stage);
            assertThat(stage.fetches().getList("fetches.reason")).doesNotContain("DAILY");
        }
    }

    @Test
    void slots_are_fixed_by_the_id_lie_ahead_and_spread_over_the_day() {
        Instant now = Instant.parse("2026-05-05T13:37:00Z");
        int[] hours = new int[24];
        for (int i = 0; i < 24_000; i++) {
            UUID id = UUID.randomUUID();
            Instant slot = DailySlot.after(now, id);
            assertThat(slot).isAfter(now).isBeforeOrEqualTo(now.plus(Duration.ofDays(1)));
            assertThat(DailySlot.after(slot, id)).isEqualTo(slot.plus(Duration.ofDays(1)));
            hours[slot.atOffset(java.time.ZoneOffset.UTC).getHour()]++;
        }
        assertThat(java.util.Arrays.stream(hours).boxed()).allMatch(count -> count > 800 && count < 1200);
    }

    private boolean hasSlot(Stage stage) {
        return pool.preparedQuery(
                                "select 1 from connection_view where connection_id = $1 and next_daily_at is not null")
                        .execute(io.vertx.mutiny.sqlclient.Tuple.of(stage.id))
                        .await()
                        .indefinitely()
                        .size()
                == 1;
    }

    private void planAll(Stage stage) {
        int planned;
        do {
            planned = pool.withTransaction(tx -> daily.planDue(tx, stage.clock.now()))
                    .await()
                    .indefinitely();
        } while (planned > 0);
        outbox.wake();
        loop.wake();
    }
}
