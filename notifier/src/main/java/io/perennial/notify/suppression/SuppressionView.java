package io.perennial.notify.suppression;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A suppression as readers see it.
 *
 * @param connectionId the connection whose mail it was learnt from; it holds for all of the tenant
 * @param code what the mail server said, where it did
 * @param createdBy who told of it; the notifier itself of bounces, the contact of what he unsubscribed
 * @param liftedAt only when it holds no longer
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SuppressionView(
        UUID id,
        String tenantId,
        UUID connectionId,
        String externalId,
        @Nullable UUID contactId,
        SuppressionReason reason,
        @Nullable String code,
        Instant createdAt,
        String createdBy,
        @Nullable Instant liftedAt,
        @Nullable String liftedBy,
        @Nullable String liftedBecause) {
    static SuppressionView of(Row row) {
        OffsetDateTime liftedAt = row.getOffsetDateTime("lifted_at");
        return new SuppressionView(
                row.getUUID("id"),
                row.getString("tenant_id"),
                row.getUUID("connection_id"),
                row.getString("external_id"),
                row.getUUID("contact_id"),
                SuppressionReason.valueOf(row.getString("reason")),
                row.getString("code"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getString("created_by"),
                liftedAt == null ? null : liftedAt.toInstant(),
                row.getString("lifted_by"),
                row.getString("lifted_because"));
    }
}
