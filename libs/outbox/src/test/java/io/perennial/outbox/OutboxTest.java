package io.perennial.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.EventCodec;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.EventType;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.contracts.TokenExpired;
import io.perennial.contracts.Topics;
import io.perennial.testsupport.Events;
import io.perennial.testsupport.PerennialKafka;
import io.perennial.testsupport.ReceivedEvent;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.hibernate.reactive.mutiny.Mutiny;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The library inside a service: its beans, its tables, both kinds of writers, and the relay that starts by itself. */
@QuarkusTest
@WithPerennial(database = "outbox_test")
class OutboxTest {
    private static final Instant OCCURRED = Instant.parse("2026-05-01T10:00:00.123456Z");

    @Inject
    Outbox outbox;

    @Inject
    SessionOutbox sessionOutbox;

    @Inject
    Mutiny.SessionFactory sessions;

    @Inject
    Pool pool;

    private final UUID connection = UUID.randomUUID();
    private Events events;

    @BeforeEach
    void listen() {
        events =
                Events.fromNow(PerennialKafka.shared().bootstrapServers(), Topics.CONNECTIONS, Topics.CONNECTION_STATE);
    }

    @AfterEach
    void close() {
        events.close();
    }

    @Test
    void events_of_a_connection_are_published_in_the_order_given() {
        List<EventEnvelope> written = List.of(expired(1), expired(2), expired(3));

        inTransaction(tx -> outbox.append(tx, written));

        List<ReceivedEvent> received = received(3);
        assertThat(received).extracting(ReceivedEvent::id).isEqualTo(ids(written));
        assertThat(EventCodec.decode(received.get(2).headers(), received.get(2).value()))
                .contains(written.get(2));
    }

    @Test
    void an_envelope_names_this_service_and_carries_a_time_ordered_id() {
        EventEnvelope first = expired(1);
        EventEnvelope second = outbox.envelope(first.data(), 2, "00-trace-01");

        assertThat(first.source()).isEqualTo("/perennial/outbox-test");
        assertThat(first.type()).isEqualTo(EventType.TOKEN_EXPIRED);
        assertThat(first.time()).isEqualTo(OCCURRED);
        assertThat(second.traceparent()).isEqualTo("00-trace-01");
        assertThat(first.traceparent())
                .as("without a cause the event begins a trace, in the form of the W3C")
                .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
        assertThat(first.id().version()).isEqualTo(7);
        assertThat(first.id().variant()).isEqualTo(2);
        assertThat(second.id().toString().substring(0, 13))
                .isGreaterThanOrEqualTo(first.id().toString().substring(0, 13));
    }

    @Test
    void an_entity_and_its_events_commit_together() {
        EventEnvelope first = expired(1);
        EventEnvelope second = outbox.envelope(first.data(), 2, "00-trace-01");

        inSession(session -> session.persist(new Shop(connection, "Shop 17"))
                .chain(() -> sessionOutbox.append(session, List.of(first, second))));
        inSession(session -> session.find(Shop.class, connection)
                .map(Shop::next)
                .chain(() -> sessionOutbox.append(session, expired(3))));

        List<ReceivedEvent> received = received(3);
        assertThat(received)
                .extracting(event -> event.headers().get("ce_sequence"))
                .containsExactly("1", "2", "3");
        assertThat(EventCodec.decode(received.get(1).headers(), received.get(1).value()))
                .contains(second);
    }

    @Test
    void a_stateless_session_writes_too() {
        EventEnvelope event = expired(1);

        await(() -> sessions.withStatelessTransaction(session -> sessionOutbox.append(session, event))
                .invoke(outbox::wake));

        assertThat(received(1))
                .extracting(ReceivedEvent::id)
                .containsExactly(event.id().toString());
    }

    @Test
    void nothing_is_published_of_what_was_rolled_back() {
        assertThatThrownBy(() -> inTransaction(tx -> outbox.append(tx, expired(1))
                        .chain(() -> Uni.createFrom().failure(new IllegalStateException("no")))))
                .hasMessageContaining("no");
        assertThatThrownBy(() -> inSession(session -> session.persist(new Shop(connection, "Shop 18"))
                        .chain(() -> sessionOutbox.append(session, expired(2)))
                        .chain(() -> Uni.createFrom().failure(new IllegalStateException("no")))))
                .hasMessageContaining("no");
        inTransaction(tx -> outbox.append(tx, expired(3)));

        received(1);

        assertThat(events.upToNow())
                .filteredOn(event -> event.connectionId().equals(connection.toString()))
                .extracting(event -> event.headers().get("ce_sequence"))
                .containsExactly("3");
    }

    @Test
    void a_tombstone_removes_a_key() {
        OffsetDateTime time = OCCURRED.atOffset(ZoneOffset.UTC);

        inTransaction(tx ->
                outbox.appendTombstone(tx, EventType.CONNECTION_STATE, connection.toString(), connection, time, 9));

        ReceivedEvent tombstone = received(1).get(0);
        assertThat(tombstone.topic()).isEqualTo(Topics.CONNECTION_STATE);
        assertThat(tombstone.value()).isNull();
    }

    @Test
    void tombstones_of_many_keys_are_written_at_once_and_in_order() {
        OffsetDateTime time = OCCURRED.atOffset(ZoneOffset.UTC);
        List<String> keys = List.of(connection + ":a", connection + ":b", connection + ":c");

        inTransaction(tx -> outbox.appendTombstones(tx, EventType.CONNECTION_STATE, keys, connection, time, 4));

        assertThat(received(3))
                .allSatisfy(tombstone -> assertThat(tombstone.value()).isNull());
        assertThat(received(3))
                .extracting(ReceivedEvent::key, tombstone -> tombstone.headers().get("ce_sequence"))
                .containsExactlyInAnyOrder(tuple(keys.get(0), "4"), tuple(keys.get(1), "5"), tuple(keys.get(2), "6"));
    }

    @Test
    void an_empty_list_is_no_statement_and_an_idle_outbox_is_not_full() {
        inTransaction(tx -> outbox.append(tx, List.of()));
        inSession(session -> sessionOutbox.append(session, List.of()));

        assertThat(outbox.full()).isFalse();
    }

    private EventEnvelope expired(long sequence) {
        ConnectionRef about =
                new ConnectionRef("acme", connection, "shop-17", Provider.AMAZON_SELLER, Region.EU, 1, OCCURRED);
        return outbox.envelope(new TokenExpired(about, OCCURRED), sequence);
    }

    private List<ReceivedEvent> received(int count) {
        return events.awaitCount(count, "events", event -> event.connectionId().equals(connection.toString()));
    }

    private static List<String> ids(List<EventEnvelope> written) {
        return written.stream().map(event -> event.id().toString()).toList();
    }

    private void inTransaction(Function<SqlConnection, Uni<Void>> work) {
        await(() -> pool.withTransaction(work).invoke(outbox::wake));
    }

    private void inSession(Function<Mutiny.Session, Uni<Void>> work) {
        await(() -> sessions.withTransaction(work).invoke(outbox::wake));
    }

    private static <T> void await(Supplier<Uni<T>> work) {
        try {
            VertxContextSupport.subscribeAndAwait(work);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
