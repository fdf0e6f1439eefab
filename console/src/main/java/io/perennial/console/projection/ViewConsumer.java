package io.perennial.console.projection;

import io.perennial.contracts.Topics;
import io.perennial.inbox.BatchHandler;
import io.perennial.inbox.Inbox;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaRecordBatch;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment.Strategy;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** The Kafka edge of the view: one channel per topic, so that each topic has its own dead letters. */
@ApplicationScoped
class ViewConsumer {
    private static final String CONSUMER = "console";

    private final Inbox inbox;
    private final Projection projection;
    private final BatchHandler replayed;

    ViewConsumer(Inbox inbox, Projection projection) {
        this.inbox = inbox;
        this.projection = projection;
        this.replayed = BatchHandler.byTopic(Map.of(
                Topics.CONNECTION_STATE, projection,
                Topics.CONNECTIONS, projection,
                Topics.EXPIRY, projection,
                Topics.FETCHES, projection,
                Topics.REMINDERS, projection));
    }

    @Incoming("connection-states")
    @Acknowledgment(Strategy.MANUAL)
    Uni<Void> states(KafkaRecordBatch<String, byte[]> batch) {
        return take(batch);
    }

    @Incoming("connections")
    @Acknowledgment(Strategy.MANUAL)
    Uni<Void> connections(KafkaRecordBatch<String, byte[]> batch) {
        return take(batch);
    }

    @Incoming("expiry")
    @Acknowledgment(Strategy.MANUAL)
    Uni<Void> expiry(KafkaRecordBatch<String, byte[]> batch) {
        return take(batch);
    }

    @Incoming("fetches")
    @Acknowledgment(Strategy.MANUAL)
    Uni<Void> fetches(KafkaRecordBatch<String, byte[]> batch) {
        return take(batch);
    }

    @Incoming("reminders")
    @Acknowledgment(Strategy.MANUAL)
    Uni<Void> reminders(KafkaRecordBatch<String, byte[]> batch) {
        return take(batch);
    }

    @Incoming("replay")
    @Acknowledgment(Strategy.MANUAL)
    Uni<Void> replay(KafkaRecordBatch<String, byte[]> batch) {
        return inbox.handle(CONSUMER, batch, replayed);
    }

    private Uni<Void> take(KafkaRecordBatch<String, byte[]> batch) {
        return inbox.handle(CONSUMER, batch, projection);
    }
}
