package io.perennial.auth.campaign;

import io.perennial.auth.campaign.CampaignMails.MailResult;
import io.perennial.auth.connection.ToldTenants;
import io.perennial.contracts.ConnectionEvent;
import io.perennial.contracts.Event;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.ReminderAmbiguous;
import io.perennial.contracts.ReminderFailed;
import io.perennial.contracts.ReminderKind;
import io.perennial.contracts.ReminderSent;
import io.perennial.contracts.ReminderSuppressed;
import io.perennial.inbox.BatchHandler;
import io.perennial.inbox.Inbox;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaRecordBatch;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jspecify.annotations.Nullable;

/** Hears what became of the mails that campaigns asked for. */
@ApplicationScoped
public class MailResultsConsumer implements BatchHandler {
    private static final String CONSUMER = "auth-service";

    /** Why the notifier lets a mail be that another connection of the contact may still need. */
    private static final Set<String> OVERTAKEN = Set.of("RENEWED", "DISCONNECTED");

    private final Inbox inbox;
    private final ToldTenants tenants;
    private final CampaignMails mails;

    MailResultsConsumer(Inbox inbox, ToldTenants tenants, CampaignMails mails) {
        this.inbox = inbox;
        this.tenants = tenants;
        this.mails = mails;
    }

    @Incoming("reminders")
    Uni<Void> consume(KafkaRecordBatch<String, byte[]> batch) {
        return inbox.handle(CONSUMER, batch, this);
    }

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<EventEnvelope> fresh) {
        List<EventEnvelope> told =
                fresh.stream().filter(event -> result(event.data()).isPresent()).toList();
        if (told.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        List<MailResult> results =
                told.stream().flatMap(event -> result(event.data()).stream()).toList();
        return tenants.check(transaction, told).chain(() -> mails.record(transaction, results));
    }

    static Optional<MailResult> result(Event event) {
        if (event instanceof ReminderSent sent) {
            return of(sent, sent.kind(), sent.stage(), "SENT");
        }
        if (event instanceof ReminderFailed failed) {
            return of(failed, failed.kind(), failed.stage(), "FAILED");
        }
        if (event instanceof ReminderSuppressed suppressed) {
            String status = OVERTAKEN.contains(suppressed.reason()) ? "WAITING" : "SUPPRESSED";
            return of(suppressed, suppressed.kind(), suppressed.stage(), status);
        }
        return event instanceof ReminderAmbiguous ambiguous
                ? of(ambiguous, ambiguous.kind(), ambiguous.stage(), "AMBIGUOUS")
                : Optional.empty();
    }

    private static Optional<MailResult> of(
            ConnectionEvent event, ReminderKind kind, @Nullable Integer stage, String status) {
        return kind == ReminderKind.CAMPAIGN && stage != null
                ? Optional.of(new MailResult(stage, event.about().connectionId(), status))
                : Optional.empty();
    }
}
