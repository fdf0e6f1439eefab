package io.perennial.monitor.plan;

import io.perennial.inbox.Inbox;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaRecordBatch;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Reads what tenants have chosen; who was planned before is planned anew at once. */
@ApplicationScoped
public class TenantStatesConsumer {
    private final Inbox inbox;
    private final TenantPlans plans;
    private final Replanning replanning;

    @Inject
    TenantStatesConsumer(Inbox inbox, TenantPlans plans, Replanning replanning) {
        this.inbox = inbox;
        this.plans = plans;
        this.replanning = replanning;
    }

    @Incoming("tenant-states")
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    Uni<Void> consume(KafkaRecordBatch<String, byte[]> batch) {
        return inbox.handle("token-monitor", batch, plans::apply).invoke(replanning::wake);
    }
}
