package io.perennial.fetch.schedule;

import static io.perennial.fetch.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.EventType;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.contracts.TokenExpired;
import io.perennial.fetch.FetchService;
import io.perennial.fetch.MigratedDatabase;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Transaction;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithPerennial(database = "fetch", sandbox = true)
@FetchService
class ConnectionEventsConsumerTest {
    private static final Instant THEN = Instant.parse("2026-03-01T12:00:00Z");
    private static final UUID FIRST = UUID.fromString("11111111-1111-4111-8111-111111111111");
    private static final UUID LAST = UUID.fromString("eeeeeeee-eeee-4eee-8eee-eeeeeeeeeeee");

    @Inject
    ConnectionEventsConsumer consumer;

    @Test
    void events_in_any_order_are_no_deadlock_with_who_plans_for_many_connections() {
        try (MigratedDatabase database = new MigratedDatabase("connection_events")) {
            connection(database, FIRST);
            connection(database, LAST);
            Pool pool = database.pool();
            SqlConnection planner = pool.getConnection().await().indefinitely();
            Transaction planning = planner.begin().await().indefinitely();
            lock(planner, FIRST);
            CompletableFuture<Void> batch = pool.withTransaction(
                            tx -> consumer.apply(tx, List.of(expired(LAST), expired(FIRST))))
                    .subscribeAsCompletionStage();
            await().until(() -> waitingForLocks(database) == 1);
            lock(planner, LAST);
            planning.commit().await().indefinitely();
            planner.close().await().indefinitely();
            await().until(batch::isDone);
            assertThat(batch).isCompleted();
            assertThat(database.texts("select state from connection_view")).containsExactly("EXPIRED", "EXPIRED");
        }
    }

    private static void lock(SqlConnection tx, UUID connection) {
        tx.preparedQuery("select 1 from connection_view where connection_id = $1 for update")
                .execute(Tuple.of(connection))
                .await()
                .indefinitely();
    }

    private static int waitingForLocks(MigratedDatabase database) {
        return database.texts(
                        """
                        select pid from pg_stat_activity
                        where datname = current_database() and wait_event_type = 'Lock'
                        """)
                .size();
    }

    private static EventEnvelope expired(UUID connection) {
        ConnectionRef about = new ConnectionRef("t", connection, "1", Provider.AMAZON_SELLER, Region.EU, 1, THEN);
        return new EventEnvelope(
                UUID.randomUUID(),
                EventType.TOKEN_EXPIRED,
                "/perennial/auth-service",
                THEN,
                2,
                null,
                new TokenExpired(about, THEN));
    }

    private static void connection(MigratedDatabase database, UUID id) {
        database.execute(
                """
                insert into connection_view (connection_id, tenant_id, external_id, provider, region, generation, state,
                                             seen_sequence)
                values (?, 't', '1', 'AMAZON_SELLER', 'EU', 1, 'ACTIVE', 1)
                """,
                id);
    }
}
