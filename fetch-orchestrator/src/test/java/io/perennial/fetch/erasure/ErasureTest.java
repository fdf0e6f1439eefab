package io.perennial.fetch.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perennial.contracts.ConnectionDisconnected;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.Topics;
import io.perennial.fetch.FetchService;
import io.perennial.fetch.Stage;
import io.perennial.testsupport.ReceivedEvent;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** From the word that a connection was given up to the last tombstone. A batch has seven orders here. */
@QuarkusTest
@WithPerennial(database = "fetch", sandbox = true)
@FetchService
class ErasureTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Inject
    Pool pool;

    @Test
    void a_connection_that_was_given_up_leaves_a_tombstone_for_each_order_and_nothing_else() {
        try (Stage stage = Stage.withSeller("EU", 9)) {
            Set<String> orders = firstLoad(stage);
            EventEnvelope given = stage.tell(new ConnectionDisconnected(stage.about(1)));

            List<ReceivedEvent> tombstones = tombstones(stage, orders.size());
            assertThat(tombstones)
                    .extracting(ReceivedEvent::key)
                    .doesNotHaveDuplicates()
                    .containsExactlyInAnyOrderElementsOf(
                            orders.stream().map(order -> stage.id + ":" + order).toList());
            assertThat(tombstones)
                    .extracting(tombstone -> tombstone.headers().get("ce_sequence"))
                    .doesNotHaveDuplicates();
            awaitErased(stage);
            assertThat(left(stage)).isZero();
            assertThat(stage.events.upToNow())
                    .filteredOn(event -> event.topic().equals(Topics.ORDERS)
                            && event.connectionId().equals(stage.id.toString()))
                    .as("the last word about each key")
                    .hasSize(2 * orders.size())
                    .filteredOn(event -> tombstones.stream()
                            .anyMatch(last -> last.key().equals(event.key()) && last.offset() < event.offset()))
                    .isEmpty();

            stage.publish(given);
            awaitHandled(stage.tell(new ConnectionDisconnected(stage.about(1))));
            assertThat(tombstonesUpToNow(stage)).hasSize(orders.size());
        }
    }

    @Test
    void an_erasure_that_dies_in_the_middle_goes_on_where_it_stood_and_tells_each_order_once() {
        try (Stage stage = Stage.withSeller("EU", 10)) {
            List<String> orders = new ArrayList<>(firstLoad(stage));
            assertThat(orders).hasSizeGreaterThan(14);
            dieAt(stage.id + ":" + orders.get(9));
            try {
                stage.tell(new ConnectionDisconnected(stage.about(1)));
                tombstones(stage, 7);
                await().atMost(PATIENCE).until(() -> attempts() > 2);
                assertThat(tombstonesUpToNow(stage)).hasSize(7);
                assertThat(count("select count(*) from order_digest where connection_id = $1", stage.id))
                        .isEqualTo(orders.size() - 7);
            } finally {
                liveOn();
            }
            awaitErased(stage);
            assertThat(left(stage)).isZero();
            assertThat(tombstones(stage, orders.size()))
                    .extracting(ReceivedEvent::key)
                    .doesNotHaveDuplicates()
                    .hasSize(orders.size());
        }
    }

    private static Set<String> firstLoad(Stage stage) {
        stage.authorized();
        stage.completedInTime("FIRST_LOAD", Duration.ofSeconds(61));
        return stage.orderIds();
    }

    private static List<ReceivedEvent> tombstones(Stage stage, int count) {
        return stage.events.awaitCount(count, "tombstones", event -> isTombstone(stage, event));
    }

    private static List<ReceivedEvent> tombstonesUpToNow(Stage stage) {
        return stage.events.upToNow().stream()
                .filter(event -> isTombstone(stage, event))
                .toList();
    }

    private static boolean isTombstone(Stage stage, ReceivedEvent event) {
        return event.topic().equals(Topics.ORDERS)
                && event.value() == null
                && event.connectionId().equals(stage.id.toString());
    }

    private void awaitErased(Stage stage) {
        await().atMost(PATIENCE)
                .until(() -> count(
                                "select count(*) from erasure where connection_id = $1 and completed_at is not null",
                                stage.id)
                        == 1);
    }

    private void awaitHandled(EventEnvelope event) {
        await().atMost(PATIENCE).until(() -> count("select count(*) from inbox where event_id = $1", event.id()) == 1);
    }

    /** What is still remembered of the connection's orders. */
    private long left(Stage stage) {
        return count(
                """
                select (select count(*) from order_digest where connection_id = $1)
                     + (select count(*) from order_set_aside where connection_id = $1)
                     + (select count(*) from coverage where connection_id = $1)
                     + (select count(*) from load_month where connection_id = $1)
                     + (select count(*) from connection_view where connection_id = $1 and covered_until is not null)
                """,
                stage.id);
    }

    /** From now on a transaction that writes the tombstone of that key ends as if the process were killed in it. */
    private void dieAt(String key) {
        execute("create sequence erasure_attempts");
        execute(
                """
                create function die() returns trigger language plpgsql as $$
                begin
                    if new.data is null and new.message_key = '%s' then
                        perform nextval('erasure_attempts');
                        raise exception 'killed';
                    end if;
                    return new;
                end $$
                """
                        .formatted(key));
        execute("create trigger die before insert on outbox for each row execute function die()");
    }

    private long attempts() {
        return pool.query("select last_value from erasure_attempts")
                .execute()
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getLong(0);
    }

    private void liveOn() {
        execute("drop trigger die on outbox");
        execute("drop function die");
        execute("drop sequence erasure_attempts");
    }

    private void execute(String sql) {
        pool.query(sql).execute().await().indefinitely();
    }

    private long count(String sql, UUID id) {
        return pool.preparedQuery(sql)
                .execute(Tuple.of(id))
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getLong(0);
    }
}
