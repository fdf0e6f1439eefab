package io.perennial.auth.probe;

import io.perennial.auth.connection.ConnectionVerdicts;
import io.perennial.auth.connection.ToldTenants;
import io.perennial.contracts.Event;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.RenewalOverdue;
import io.perennial.contracts.TokenExpiring;
import io.perennial.inbox.BatchHandler;
import io.perennial.inbox.Inbox;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaRecordBatch;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Hears that the end of a grant is reached and has it probed at once. The effect is a due instant, so it is never lost. */
@ApplicationScoped
public class ExpiryConsumer implements BatchHandler {
    private static final String CONSUMER = "auth-service";

    private final Inbox inbox;
    private final ToldTenants tenants;
    private final ConnectionVerdicts verdicts;

    ExpiryConsumer(Inbox inbox, ToldTenants tenants, ConnectionVerdicts verdicts) {
        this.inbox = inbox;
        this.tenants = tenants;
        this.verdicts = verdicts;
    }

    @Incoming("expiry")
    Uni<Void> consume(KafkaRecordBatch<String, byte[]> batch) {
        return inbox.handle(CONSUMER, batch, this);
    }

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<EventEnvelope> fresh) {
        List<EventEnvelope> ends =
                fresh.stream().filter(event -> tellsOfTheEnd(event.data())).toList();
        if (ends.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Map<UUID, Integer> ended = ends.stream()
                .collect(Collectors.toMap(
                        event -> event.about().connectionId(),
                        event -> event.about().generation(),
                        Math::max));
        return tenants.check(transaction, ends).chain(() -> verdicts.probeAtOnce(transaction, ended));
    }

    /** After a long silence the catch-up may skip stage 0; whoever is overdue has reached the end too. */
    private static boolean tellsOfTheEnd(Event event) {
        return event instanceof RenewalOverdue || (event instanceof TokenExpiring expiring && expiring.stage() == 0);
    }
}
