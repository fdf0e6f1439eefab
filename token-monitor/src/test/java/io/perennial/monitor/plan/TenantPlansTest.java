package io.perennial.monitor.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.EventType;
import io.perennial.contracts.TenantRef;
import io.perennial.contracts.TenantState;
import io.perennial.inbox.PoisonEventException;
import io.perennial.monitor.MonitorDatabase;
import io.perennial.monitor.expiry.ExpiryPolicy;
import io.perennial.testsupport.Database;
import io.perennial.testsupport.PerennialExtension;
import io.perennial.testsupport.TestDatabase;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PerennialExtension.class)
class TenantPlansTest {
    private static final Instant START = Instant.parse("2026-11-22T10:00:00.123456Z");
    private static final Instant END = START.plus(Duration.ofDays(100));
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static MonitorDatabase database;

    private final TenantPlans plans = new TenantPlans();
    private final Replanning replanning = new Replanning(null, database.pool());

    @BeforeAll
    static void migrate(@Database("monitor_plans") TestDatabase empty) {
        database = new MonitorDatabase(empty);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void clear() {
        database.query("truncate watched_connection, watched_end, tenant_plan");
    }

    @Test
    void connections_that_were_planned_before_are_planned_anew_batch_by_batch() {
        for (int i = 0; i < 25; i++) {
            database.watch(END.plusSeconds(i / 3));
        }
        UUID revoked = database.watch(END);
        database.query(
                "update watched_connection set ends_at = null, revoked_at = $2, told = 0, next_due_at = $2"
                        + " where connection_id = $1",
                revoked,
                START.atOffset(ZoneOffset.UTC));
        database.query("update watched_end set ends_at = null where connection_id = $1", revoked);
        choose(1, List.of(90, 1, 0), 1);

        int batches = 0;
        while (await(replanning.batch(10))) {
            batches++;
        }

        assertThat(batches).isEqualTo(4);
        assertThat(database.query("select next_due_at - anchor_at = interval '-2160 hours' from watched_connection"
                        + " where connection_id <> '" + revoked + "'"))
                .hasSize(25)
                .allSatisfy(row -> assertThat(row.getBoolean(0)).isTrue());
        assertThat(nextDue(revoked)).isEqualTo(START.plus(Duration.ofDays(7)));
    }

    @Test
    void what_was_told_stays_told_and_what_was_set_aside_or_is_over_stays_so() {
        UUID reminded = database.watch(END);
        database.query("update watched_connection set told = -16, next_due_at = $1", at(END.minus(Duration.ofDays(9))));
        UUID over = database.watch(END);
        database.query("update watched_connection set told = 56, next_due_at = null where connection_id = $1", over);
        choose(1, List.of(30, 20, 12, 0), 8);

        await(replanning.drain());

        assertThat(nextDue(reminded)).isEqualTo(END.minus(Duration.ofDays(12)));
        assertThat(nextDue(over)).isNull();
    }

    @Test
    void who_has_no_stage_left_by_the_new_plan_is_found_by_its_end_no_more() {
        UUID ended = database.watch(END);
        database.query("update watched_connection set told = 0, next_due_at = $1", at(END.plus(Duration.ofDays(7))));
        UUID waiting = database.watch(END);
        choose(1, List.of(30, 0), 0);

        await(replanning.drain());

        assertThat(nextDue(ended)).isNull();
        assertThat(database.query("select connection_id from watched_end"))
                .extracting(row -> row.getUUID(0))
                .containsExactly(waiting);
    }

    @Test
    void an_older_choice_has_no_effect_and_the_same_one_plans_nothing_anew() {
        choose(2, List.of(10, 0), 8);
        await(replanning.drain());

        choose(1, List.of(40, 0), 8);
        choose(3, List.of(10, 0), 8);

        assertThat(chosen().days()).startsWith(-10, 0, 7);
        assertThat(await(replanning.batch(10))).isFalse();
    }

    @Test
    void who_takes_his_choice_back_has_the_usual_stages_again() {
        choose(1, List.of(10, 0), 1);
        choose(2, null, null);

        assertThat(chosen().days()).isEqualTo(ExpiryPolicy.standard().days());
    }

    @Test
    void a_tenant_that_has_chosen_nothing_has_the_usual_stages() {
        assertThat(chosen()).isSameAs(ExpiryPolicy.standard());
    }

    @Test
    void stages_that_can_not_be_are_poison() {
        assertThatThrownBy(() -> choose(1, List.of(1, 2), 8))
                .isInstanceOf(PoisonEventException.class)
                .hasMessage("IMPOSSIBLE_STAGES");
        assertThatThrownBy(() -> choose(1, null, 53)).isInstanceOf(PoisonEventException.class);
    }

    private void choose(long sequence, List<Integer> stages, Integer weeks) {
        TenantState state = new TenantState(new TenantRef("acme", START), stages, weeks);
        EventEnvelope event = new EventEnvelope(
                UUID.randomUUID(), EventType.TENANT_STATE, "/perennial/auth-service", START, sequence, null, state);
        await(database.pool().withTransaction(transaction -> plans.apply(transaction, List.of(event))));
    }

    private ExpiryPolicy chosen() {
        return await(database.pool().withTransaction(transaction -> plans.chosen(transaction, List.of("acme"))))
                .of("acme");
    }

    private static Instant nextDue(UUID connection) {
        var at = database.query("select next_due_at from watched_connection where connection_id = $1", connection)
                .get(0)
                .getOffsetDateTime(0);
        return at == null ? null : at.toInstant();
    }

    private static java.time.OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static <T> T await(Uni<T> work) {
        return work.await().atMost(PATIENCE);
    }
}
