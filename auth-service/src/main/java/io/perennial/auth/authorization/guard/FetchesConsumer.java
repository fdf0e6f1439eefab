package io.perennial.auth.authorization.guard;

import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.FetchCompleted;
import io.perennial.inbox.BatchHandler;
import io.perennial.inbox.Inbox;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaRecordBatch;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Hears which order a fetch read, as evidence for the next consent. */
@ApplicationScoped
public class FetchesConsumer implements BatchHandler {
    private static final String CONSUMER = "auth-service";

    private final Inbox inbox;
    private final KnownOrders orders;

    FetchesConsumer(Inbox inbox, KnownOrders orders) {
        this.inbox = inbox;
        this.orders = orders;
    }

    @Incoming("fetches")
    Uni<Void> consume(KafkaRecordBatch<String, byte[]> batch) {
        return inbox.handle(CONSUMER, batch, this);
    }

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<EventEnvelope> fresh) {
        List<FetchCompleted> completed = fresh.stream()
                .map(EventEnvelope::data)
                .filter(FetchCompleted.class::isInstance)
                .map(FetchCompleted.class::cast)
                .toList();
        return orders.note(transaction, completed);
    }
}
