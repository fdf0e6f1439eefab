package io.perennial.console.projection;

import io.perennial.contracts.EventCodec;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.EventType;
import io.perennial.inbox.BatchHandler;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What happened to a connection, event by event. Snapshots and single pages of a fetch tell no story of their own. */
final class HistoryProjection implements BatchHandler {
    private static final Set<EventType> NO_STORY =
            EnumSet.of(EventType.CONNECTION_STATE, EventType.FETCH_PROGRESSED, EventType.PROFILE_SNAPSHOT_TAKEN);
    private static final String INSERT =
            """
            insert into history (event_id, connection_id, tenant_id, type, occurred_at, data)
            select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::text[])
            on conflict do nothing
            """;

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<EventEnvelope> fresh) {
        List<EventEnvelope> told = fresh.stream()
                .filter(event -> !NO_STORY.contains(event.type()))
                .sorted(Comparator.comparing(EventEnvelope::id))
                .toList();
        return Columns.of(told)
                .uuid(EventEnvelope::id)
                .uuid(event -> event.about().connectionId())
                .text(event -> event.about().tenantId())
                .text(event -> event.type().type())
                .instant(event -> event.about().occurredAt())
                .text(event -> EventCodec.toJson(event.data()))
                .execute(transaction, INSERT);
    }
}
