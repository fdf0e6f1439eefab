package io.perennial.monitor.connectionview;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.contracts.EventEnvelope;
import io.perennial.monitor.ConnectionEvents;
import io.perennial.monitor.MonitorDatabase;
import io.perennial.testsupport.Database;
import io.perennial.testsupport.PerennialExtension;
import io.perennial.testsupport.TestDatabase;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PerennialExtension.class)
class ConnectionViewTest {
    private static final Instant START = Instant.parse("2026-11-21T10:00:00.123456Z");
    private static final Instant END = START.plus(ConnectionEvents.YEAR);

    private static MonitorDatabase database;

    private final ConnectionView view = new ConnectionView(new WatchedConnections());
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
                "update watched_connection set announced = 3, sequence = 3, next_due_at = $2 where connection_id = $1",
                merchant.id(),
                OffsetDateTime.parse(END.minus(Duration.ofDays(9)).toString()));

        apply(merchant.updated(1, START.plusSeconds(9), "Renamed", END));

        assertThat(row(merchant).getInteger("announced")).isEqualTo(3);
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
    void disconnecting_ends_the_plan_and_keeps_the_row() {
        apply(merchant.authorized(START), merchant.disconnected(1, START.plusSeconds(5)));
        apply(merchant.renewed(2, START.plusSeconds(9)));

        assertThat(row(merchant).getString("state")).isEqualTo("DISCONNECTED");
        assertThat(row(merchant).getOffsetDateTime("next_due_at")).isNull();
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
