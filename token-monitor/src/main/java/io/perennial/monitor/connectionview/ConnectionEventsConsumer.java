package io.perennial.monitor.connectionview;

import io.perennial.inbox.Inbox;
import io.perennial.monitor.expiry.ExpiryLoop;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaRecordBatch;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Reads what auth-service tells of connections; the loop looks at once, as a corrected end may already be due. */
@ApplicationScoped
public class ConnectionEventsConsumer {
    private static final String CONSUMER = "token-monitor";

    private final Inbox inbox;
    private final ConnectionView view;
    private final ExpiryLoop loop;

    @Inject
    ConnectionEventsConsumer(Inbox inbox, ConnectionView view, ExpiryLoop loop) {
        this.inbox = inbox;
        this.view = view;
        this.loop = loop;
    }

    @Incoming("connections")
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    Uni<Void> consume(KafkaRecordBatch<String, byte[]> batch) {
        return handle(batch);
    }

    @Incoming("replay")
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    Uni<Void> replay(KafkaRecordBatch<String, byte[]> batch) {
        return handle(batch);
    }

    private Uni<Void> handle(KafkaRecordBatch<String, byte[]> batch) {
        return inbox.handle(CONSUMER, batch, view::apply).invoke(loop::wake);
    }
}
