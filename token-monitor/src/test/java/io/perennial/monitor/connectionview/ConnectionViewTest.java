package io.perennial.monitor.connectionview;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.clock.DomainClock;
import io.perennial.clock.MachineClock;
import io.perennial.contracts.EventEnvelope;
import io.perennial.monitor.ConnectionEvents;
import io.perennial.monitor.MonitorDatabase;
import io.perennial.monitor.plan.TenantPlans;
import io.perennial.testsupport.Database;
import io.perennial.testsupport.PerennialExtension;
import io.perennial.testsupport.TestDatabase;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PerennialExtension.class)
class ConnectionViewTest {
    private static final Instant START = Instant.parse("2026-11-21T10:00:00.123456Z");
    private static final Instant END = START.plus(ConnectionEvents.YEAR);

    private static MonitorDatabase database;

    private final ConnectionView view =
            new ConnectionView(new WatchedConnections(), new TenantPlans(), DomainClock.immovable(new MachineClock()));
    private final ConnectionEvents merchant = ConnectionEvents.ofTenant("acme");

    @BeforeAll
    static void migrate(@Database("monitor_view") TestDatabase empty) {
        database = new MonitorDatabase(empty);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void one_batch_and_many_end_in_the_same_row() {
        ConnectionEvents other = ConnectionEvents.ofTenant("acme");

        apply(life(merchant).toArray(EventEnvelope[]::new));
        life(other).forEach(this::apply);

        assertThat(row(merchant).toJson().getMap())
                .containsAllEntriesOf(withoutNames(row(other)))
                .containsEntry("state", "REVOKED")
                .containsEntry("generation", 2)
                .containsEntry("label", "Renamed");
        assertThat(instant(row(merchant), "revoked_at")).isEqualTo(START.plusSeconds(400));
        assertThat(instant(row(merchant), "next_due_at"))
                .isEqualTo(START.plusSeconds(400).plus(Duration.ofDays(7)));
    }

    @Test
    void what_was_announced_survives_a_change_of_the_label() {
        apply(merchant.authorized(START));
        database.query(
                "update watched_connection set told = -16, sequence = 3, next_due_at = $2 where connection_id = $1",
                merchant.id(),
                OffsetDateTime.parse(END.minus(Duration.ofDays(9)).toString()));

        apply(merchant.updated(1, START.plusSeconds(9), "Renamed", END));

        assertThat(row(merchant).getInteger("told")).isEqualTo(-16);
        assertThat(row(merchant).getLong("sequence")).isEqualTo(3);
        assertThat(instant(row(merchant), "next_due_at")).isEqualTo(END.minus(Duration.ofDays(9)));
    }

    @Test
    void a_late_event_of_the_generation_before_changes_no_column() {
        apply(merchant.authorized(START), merchant.renewed(2, START.plusSeconds(60)));
        String before = row(merchant).toJson().encode();

        apply(merchant.revoked(1, START.plusSeconds(70), END));
        apply(merchant.updated(1, START.plusSeconds(80), "Late", START));
        apply(merchant.disconnected(1, START.plusSeconds(90)));

        assertThat(row(merchant).toJson().encode()).isEqualTo(before);
    }

    @Test
    void a_large_batch_of_new_connections_is_one_statement_of_each_kind() {
        List<EventEnvelope> events = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            ConnectionEvents one = ConnectionEvents.ofTenant("bulk");
            events.add(one.created(START));
            events.add(one.authorized(START));
        }

        apply(events.toArray(EventEnvelope[]::new));

        assertThat(database.query(
                        "select 1 from watched_connection where tenant_id = 'bulk' and state = 'ACTIVE' and next_due_at = $1",
                        OffsetDateTime.parse(END.minus(Duration.ofDays(30)).toString())))
                .hasSize(2_000);
    }

    @Test
    void a_connection_given_up_before_it_is_heard_of_leaves_nothing_to_announce() {
        EventEnvelope created = merchant.created(START);
        EventEnvelope authorized = merchant.authorized(START);
        apply(merchant.disconnected(1, START.plusSeconds(5)));
        apply(created);
        apply(authorized, merchant.renewed(2, START.plusSeconds(3)));

        assertThat(row(merchant).getString("state")).isEqualTo("DISCONNECTED");
        assertThat(row(merchant).getOffsetDateTime("next_due_at")).isNull();
        assertThat(row(merchant).getLocalDate("lapses_on")).isNull();

        ConnectionEvents never = ConnectionEvents.ofTenant("acme");
        EventEnvelope late = never.created(START);
        apply(never.disconnected(0, START.plusSeconds(5)), late);
        assertThat(row(never).getString("state")).isEqualTo("DISCONNECTED");
        assertThat(row(never).getOffsetDateTime("next_due_at")).isNull();
    }

    @Test
    void disconnecting_ends_the_plan_and_keeps_the_row() {
        apply(merchant.authorized(START), merchant.disconnected(1, START.plusSeconds(5)));
        apply(merchant.renewed(2, START.plusSeconds(9)));

        assertThat(row(merchant).getString("state")).isEqualTo("DISCONNECTED");
        assertThat(row(merchant).getOffsetDateTime("next_due_at")).isNull();
    }

    @Test
    void after_any_events_in_any_batches_of_two_replicas_counters_and_listed_ends_are_those_of_the_rows() {
        Random random = new Random(20261122);
        List<ConnectionEvents> merchants = IntStream.range(0, 60)
                .mapToObj(i -> ConnectionEvents.ofTenant("counted-" + i % 3))
                .toList();
        for (int round = 0; round < 60; round++) {
            List<EventEnvelope> one = anything(random, merchants);
            List<EventEnvelope> other = anything(random, merchants);
            Uni.join().all(applied(one), applied(other)).andFailFast().await().atMost(Duration.ofSeconds(30));
        }

        assertThat(database.query("select * from expiry_day where tenant_id like 'counted-%' and connections > 0"))
                .hasSizeGreaterThan(20);
        assertThat(
                        database.query(
                                """
                                select *
                                from (select tenant_id, lapses_on as day, count(*) as connections
                                      from watched_connection where lapses_on is not null group by 1, 2) as rows
                                     full join (select * from expiry_day where connections <> 0) as counters
                                     using (tenant_id, day)
                                where rows.connections is distinct from counters.connections
                                """))
                .as("days whose counter is not the number of rows")
                .isEmpty();
        assertThat(
                        database.query(
                                """
                                select *
                                from (select * from watched_connection where next_due_at is not null) as row
                                     full join watched_end as listed using (connection_id)
                                where coalesce(row.tenant_id, listed.tenant_id) like 'counted-%'
                                  and (row.tenant_id, row.ends_at, row.generation)
                                      is distinct from (listed.tenant_id, listed.ends_at, listed.generation)
                                """))
                .as("ends that are not listed as they are")
                .isEmpty();
    }

    /** Events of some merchants, each at any point of any life, also those that have no effect. */
    private static List<EventEnvelope> anything(Random random, List<ConnectionEvents> merchants) {
        return random.ints(1 + random.nextInt(20), 0, merchants.size())
                .mapToObj(i -> {
                    ConnectionEvents of = merchants.get(i);
                    int generation = 1 + random.nextInt(4);
                    Instant at = START.plus(Duration.ofDays(random.nextInt(40)));
                    return switch (random.nextInt(9)) {
                        case 0 -> of.created(at);
                        case 1 -> of.authorized(at);
                        case 2, 3 -> of.renewed(generation, at);
                        case 4 -> of.updated(generation, at, "Shop", at.plus(ConnectionEvents.YEAR));
                        case 5 -> of.expired(generation, at, at);
                        case 6 -> of.revoked(generation, at, at);
                        case 7 -> of.reinstated(generation, at, at.plus(ConnectionEvents.YEAR));
                        default ->
                            random.nextInt(6) == 0
                                    ? of.disconnected(generation, at)
                                    : of.updated(generation, at, "No end told", null);
                    };
                })
                .toList();
    }

    private Uni<Void> applied(List<EventEnvelope> events) {
        return database.pool()
                .withTransaction(transaction -> view.apply(transaction, events))
                .onFailure(ConnectionViewTest::deadlocked)
                .retry()
                .atMost(5);
    }

    /** Two batches that have the same connection in different places of the key's order, as a replay may bring. */
    private static boolean deadlocked(Throwable failure) {
        return failure instanceof PgException refused && "40P01".equals(refused.getSqlState());
    }

    private static List<EventEnvelope> life(ConnectionEvents of) {
        return List.of(
                of.created(START),
                of.authorized(START),
                of.expired(1, START.plusSeconds(100), START.plusSeconds(99)),
                of.renewed(2, START.plusSeconds(200)),
                of.updated(2, START.plusSeconds(300), "Renamed", END),
                of.wrongAccount(2, START.plusSeconds(350)),
                of.revoked(2, START.plusSeconds(400), END));
    }

    private void apply(EventEnvelope... events) {
        database.pool()
                .withTransaction(transaction -> view.apply(transaction, List.of(events)))
                .await()
                .atMost(Duration.ofSeconds(30));
    }

    private static Row row(ConnectionEvents of) {
        return database.query("select * from watched_connection where connection_id = $1", of.id())
                .get(0);
    }

    private static java.util.Map<String, Object> withoutNames(Row row) {
        java.util.Map<String, Object> columns = row.toJson().getMap();
        columns.remove("connection_id");
        columns.remove("external_id");
        return columns;
    }

    private static Instant instant(Row row, String column) {
        return row.getOffsetDateTime(column).toInstant();
    }
}
