package io.perennial.notify.routing;

import io.perennial.clock.DomainClock;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.Topics;
import io.perennial.inbox.BatchHandler;
import io.perennial.inbox.EventSanity;
import io.perennial.inbox.Inbox;
import io.perennial.notify.connection.ConnectionRow;
import io.perennial.notify.connection.Connections;
import io.perennial.notify.operator.OperatorConcerns;
import io.perennial.notify.operator.OperatorMails;
import io.perennial.notify.reminder.DeliveryLoop;
import io.perennial.notify.reminder.PlannedReminder;
import io.perennial.notify.reminder.Reminders;
import io.perennial.outbox.Outbox;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaRecordBatch;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jspecify.annotations.Nullable;

/** Reads what auth-service, token-monitor and fetch-orchestrator tell. */
@ApplicationScoped
class EventsConsumer {
    private static final String NAME = "notifier";

    private final Inbox inbox;
    private final Outbox outbox;
    private final Connections connections;
    private final Reminders reminders;
    private final OperatorMails operators;
    private final OperatorConcerns concerns;
    private final DeliveryLoop loop;
    private final DomainClock clock;

    EventsConsumer(
            Inbox inbox,
            Outbox outbox,
            Connections connections,
            Reminders reminders,
            OperatorMails operators,
            OperatorConcerns concerns,
            DeliveryLoop loop,
            DomainClock clock) {
        this.inbox = inbox;
        this.outbox = outbox;
        this.connections = connections;
        this.reminders = reminders;
        this.operators = operators;
        this.concerns = concerns;
        this.loop = loop;
        this.clock = clock;
    }

    @Incoming("connections")
    Uni<Void> connections(KafkaRecordBatch<String, byte[]> batch) {
        return handle(batch, this::apply);
    }

    @Incoming("expiry")
    Uni<Void> expiry(KafkaRecordBatch<String, byte[]> batch) {
        return handle(batch, this::apply);
    }

    @Incoming("fetches")
    Uni<Void> fetches(KafkaRecordBatch<String, byte[]> batch) {
        return handle(batch, this::apply);
    }

    @Incoming("platform")
    Uni<Void> platform(KafkaRecordBatch<String, byte[]> batch) {
        return handle(batch, operators::plan);
    }

    @Incoming("replay")
    Uni<Void> replay(KafkaRecordBatch<String, byte[]> batch) {
        return handle(
                batch,
                BatchHandler.byTopic(Map.of(
                        Topics.CONNECTIONS,
                        this::apply,
                        Topics.EXPIRY,
                        this::apply,
                        Topics.FETCHES,
                        this::apply,
                        Topics.PLATFORM,
                        operators::plan)));
    }

    private Uni<Void> handle(KafkaRecordBatch<String, byte[]> batch, BatchHandler handler) {
        return inbox.handle(NAME, batch, handler).invoke(this::wake);
    }

    private void wake() {
        outbox.wake();
        loop.wake();
    }

    private Uni<Void> apply(SqlConnection transaction, List<EventEnvelope> events) {
        EventBatch batch = EventBatch.of(events);
        return connections
                .see(transaction, batch.sightings(), clock.instant())
                .invoke(seen -> checkTenants(events, seen))
                .chain(seen -> reminders
                        .suppressUnwanted(transaction, batch.connections())
                        .chain(() -> concerns.drop(transaction, batch.reinstated(), batch.ends()))
                        .chain(() -> reminders.plan(transaction, current(batch.planned(), seen))));
    }

    private static void checkTenants(List<EventEnvelope> events, Map<UUID, ConnectionRow> seen) {
        events.forEach(event -> EventSanity.requireTenant(
                event,
                Objects.requireNonNull(seen.get(event.about().connectionId())).tenantId()));
    }

    private static List<PlannedReminder> current(List<PlannedReminder> planned, Map<UUID, ConnectionRow> seen) {
        return planned.stream()
                .filter(reminder ->
                        isCurrent(reminder, seen.get(reminder.about().connectionId())))
                .toList();
    }

    private static boolean isCurrent(PlannedReminder reminder, @Nullable ConnectionRow connection) {
        return connection != null && connection.isCurrent(reminder.about().generation());
    }
}
