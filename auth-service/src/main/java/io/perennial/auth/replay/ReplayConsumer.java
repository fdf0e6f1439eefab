package io.perennial.auth.replay;

import io.perennial.auth.authorization.guard.FetchesConsumer;
import io.perennial.auth.campaign.MailResultsConsumer;
import io.perennial.auth.probe.ExpiryConsumer;
import io.perennial.contracts.Topics;
import io.perennial.inbox.BatchHandler;
import io.perennial.inbox.Inbox;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaRecordBatch;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Hands replayed events to the handler of the topic they were published on. */
@ApplicationScoped
class ReplayConsumer {
    private static final String CONSUMER = "auth-service";

    private final Inbox inbox;
    private final BatchHandler handlers;

    ReplayConsumer(Inbox inbox, ExpiryConsumer expiry, FetchesConsumer fetches, MailResultsConsumer reminders) {
        this.inbox = inbox;
        this.handlers = BatchHandler.byTopic(
                Map.of(Topics.EXPIRY, expiry, Topics.FETCHES, fetches, Topics.REMINDERS, reminders));
    }

    @Incoming("replay")
    Uni<Void> consume(KafkaRecordBatch<String, byte[]> batch) {
        return inbox.handle(CONSUMER, batch, handlers);
    }
}
