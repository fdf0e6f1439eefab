package io.perennial.fetch.erasure;

import static io.perennial.fetch.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
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
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String HANGING =
            "from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'";
    private static final String OPEN =
            "select count(*) from erasure where connection_id = $1 and requested_at > '-infinity' and completed_at is null";

    @Inject
    Pool pool;

    @Inject
    MeterRegistry meters;

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

    @Test
    void an_advertiser_that_was_given_up_leaves_neither_choice_nor_days() {
        try (Stage stage = Stage.advertiser("EU", 11)) {
            stage.authorized();
            stage.chosen(stage.amazon.profiles(stage.seller).subList(0, 1));
            await().until(() -> count("select count(*) from chosen_profiles where connection_id = $1", stage.id) == 1);
            Stage.as("operator", stage.tenant)
                    .body("{\"connections\":[\"" + stage.id + "\"]}")
                    .post("/api/fetches")
                    .then()
                    .statusCode(202);
            stage.completed("MANUAL");
            assertThat(left(stage)).isEqualTo(2);
            stage.tell(new ConnectionDisconnected(stage.about(1)));
            awaitErased(stage);
            assertThat(left(stage)).isZero();
        }
    }

    @Test
    void while_five_batches_wait_to_be_published_an_erasure_waits_and_fetches_go_on() {
        try (Stage leaving = Stage.withSeller("EU", 12);
                Stage staying = Stage.withSeller("EU", 13)) {
            Set<String> orders = firstLoad(leaving);
            stopPublishing();
            try {
                execute(
                        """
                        insert into outbox (topic, message_key, event_id, event_type, source, subject, event_time, sequence)
                        select 'perennial.fetches.v1', 'held back', gen_random_uuid(), 'none', '/', 'none', now(), n
                        from generate_series(1, 35) as n
                        """);
                leaving.tell(new ConnectionDisconnected(leaving.about(1)));
                await().until(() -> count(OPEN, leaving.id) == 1);
                staying.authorized();
                await().atMost(PATIENCE)
                        .until(() -> count(
                                        "select count(*) from fetch_job where connection_id = $1 and pages > 0",
                                        staying.id)
                                == 1);
                assertThat(count("select count(*) from order_digest where connection_id = $1", leaving.id))
                        .isEqualTo(orders.size());
            } finally {
                execute("delete from outbox where message_key = 'held back'");
                publishAgain();
            }
            awaitErased(leaving);
            tombstones(leaving, orders.size());
        }
    }

    @Test
    void a_batch_that_is_never_answered_keeps_no_other_erasure_waiting() {
        try (Stage stuck = Stage.withSeller("EU", 14);
                Stage other = Stage.withSeller("EU", 15)) {
            Set<String> orders = firstLoad(stuck);
            firstLoad(other);
            hangAt(stuck.id + ":" + orders.iterator().next());
            try {
                stuck.tell(new ConnectionDisconnected(stuck.about(1)));
                await().atMost(PATIENCE).until(() -> hanging() == 1);
                other.tell(new ConnectionDisconnected(other.about(1)));
                awaitErased(other);
                assertThat(hanging()).isEqualTo(1);
            } finally {
                execute("select pg_terminate_backend(pid) " + HANGING);
                execute("drop function hang cascade");
                execute("drop sequence erasure_hangs");
            }
            awaitErased(stuck);
            assertThat(left(stuck)).isZero();
        }
    }

    /** The first transaction that writes the tombstone of that key is never answered. */
    private void hangAt(String key) {
        execute("create sequence erasure_hangs");
        execute(
                """
                create function hang() returns trigger language plpgsql as $$
                begin
                    if new.data is null and new.message_key = '%s' and nextval('erasure_hangs') = 1 then
                        perform pg_sleep(3600);
                    end if;
                    return new;
                end $$
                """
                        .formatted(key));
        execute("create trigger hang before insert on outbox for each row execute function hang()");
    }

    private long hanging() {
        return number("select count(*) " + HANGING);
    }

    /** As if another relay had all groups, and was stopped. */
    private void stopPublishing() {
        execute("update outbox_lease set owner = 'elsewhere', epoch = epoch + 1, expires_at = 'infinity'");
        await().atMost(PATIENCE)
                .until(() -> meters.get("perennial.outbox.groups").gauge().value() == 0);
    }

    private void publishAgain() {
        execute("update outbox_lease set owner = null, expires_at = null");
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
                     + (select count(*) from chosen_profiles where connection_id = $1)
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
        return number("select last_value from erasure_attempts");
    }

    private void liveOn() {
        execute("drop trigger die on outbox");
        execute("drop function die");
        execute("drop sequence erasure_attempts");
    }

    private long number(String sql) {
        return pool.query(sql)
                .execute()
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getLong(0);
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
