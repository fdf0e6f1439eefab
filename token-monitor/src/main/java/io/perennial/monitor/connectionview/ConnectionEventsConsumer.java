package io.perennial.monitor.connectionview;

import io.perennial.contracts.Topics;
import io.perennial.inbox.BatchHandler;
import io.perennial.inbox.Inbox;
import io.perennial.monitor.expiry.ExpiryLoop;
import io.perennial.monitor.plan.TenantPlans;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaRecordBatch;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Reads what auth-service tells of connections; the loop looks at once, as a corrected end may already be due. Dead letters
 * of every topic come back here, and so does the present state of everything when the projection is rebuilt.
 */
@ApplicationScoped
public class ConnectionEventsConsumer {
    private static final String CONSUMER = "token-monitor";

    private final Inbox inbox;
    private final ConnectionView view;
    private final BatchHandler replayed;
    private final ExpiryLoop loop;

    @Inject
    ConnectionEventsConsumer(Inbox inbox, ConnectionView view, TenantPlans plans, ExpiryLoop loop) {
        this.inbox = inbox;
        this.view = view;
        this.replayed = BatchHandler.byTopic(Map.of(
                Topics.CONNECTIONS, view::apply,
                Topics.CONNECTION_STATE, view::restate,
                Topics.TENANT_STATE, plans::apply));
        this.loop = loop;
    }

    @Incoming("connections")
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    Uni<Void> consume(KafkaRecordBatch<String, byte[]> batch) {
        return handle(batch, view::apply);
    }

    @Incoming("replay")
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    Uni<Void> replay(KafkaRecordBatch<String, byte[]> batch) {
        return handle(batch, replayed);
    }

    private Uni<Void> handle(KafkaRecordBatch<String, byte[]> batch, BatchHandler handler) {
        return inbox.handle(CONSUMER, batch, handler).invoke(loop::wake);
    }
}
