package io.perennial.console.projection;

import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.Event;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.ReminderAmbiguous;
import io.perennial.contracts.ReminderFailed;
import io.perennial.contracts.ReminderKind;
import io.perennial.contracts.ReminderSent;
import io.perennial.contracts.ReminderSuppressed;
import io.perennial.inbox.BatchHandler;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What was mailed to whom (by id) and with what result. */
final class ReminderProjection implements BatchHandler {
    private static final UUID NOBODY = new UUID(0, 0);
    private static final String UPSERT =
            """
            insert into reminder as r (reminder_id, contact_id, connection_id, tenant_id, generation, kind, stage,
                result, code, occurred_at)
            select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::int[], $6::text[], $7::int[],
                $8::text[], $9::text[], $10::timestamptz[])
            on conflict (reminder_id, contact_id) do update set
                result = excluded.result, code = excluded.code, occurred_at = excluded.occurred_at
            where excluded.occurred_at >= r.occurred_at
            """;

    private record Mail(
            UUID id,
            UUID contact,
            ConnectionRef about,
            ReminderKind kind,
            @Nullable Integer stage,
            String result,
            @Nullable String code) {}

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<EventEnvelope> fresh) {
        Map<String, Mail> mails = new TreeMap<>();
        for (EventEnvelope event : fresh) {
            Mail mail = mailOf(event.data());
            if (mail != null) {
                mails.put(mail.id() + " " + mail.contact(), mail);
            }
        }
        return Columns.of(mails.values())
                .uuid(Mail::id)
                .uuid(Mail::contact)
                .uuid(mail -> mail.about().connectionId())
                .text(mail -> mail.about().tenantId())
                .number(mail -> mail.about().generation())
                .text(mail -> mail.kind().name())
                .number(Mail::stage)
                .text(Mail::result)
                .text(Mail::code)
                .instant(mail -> mail.about().occurredAt())
                .execute(transaction, UPSERT);
    }

    private static @Nullable Mail mailOf(Event event) {
        if (event instanceof ReminderSent e) {
            return new Mail(e.reminderId(), e.contactId(), e.about(), e.kind(), e.stage(), "SENT", null);
        }
        if (event instanceof ReminderFailed e) {
            return new Mail(e.reminderId(), e.contactId(), e.about(), e.kind(), e.stage(), "FAILED", e.code());
        }
        if (event instanceof ReminderAmbiguous e) {
            return new Mail(e.reminderId(), e.contactId(), e.about(), e.kind(), e.stage(), "AMBIGUOUS", null);
        }
        if (event instanceof ReminderSuppressed e) {
            return new Mail(e.reminderId(), NOBODY, e.about(), e.kind(), e.stage(), "SUPPRESSED", e.reason());
        }
        return null;
    }
}
