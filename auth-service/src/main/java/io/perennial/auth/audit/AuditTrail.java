package io.perennial.auth.audit;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** The audit trail: lines are only ever added, in the transaction of what they tell. */
@ApplicationScoped
public class AuditTrail {
    private final Pool pool;

    AuditTrail(Pool pool) {
        this.pool = pool;
    }

    /** Adds a line; it exists if and only if the session's transaction commits. */
    public Uni<Void> add(Mutiny.Session session, AuditLine line) {
        return session.persist(new AuditEntry(line)).replaceWithVoid();
    }

    /** What happened to a connection, latest first. */
    public Uni<List<AuditLine>> ofConnection(UUID connectionId, int limit) {
        return pool.preparedQuery(
                        """
                        select kind, tenant_id, connection_id, generation, actor, from_state, to_state, reason, occurred_at
                        from audit_entry
                        where connection_id = $1
                        order by id desc
                        limit $2
                        """)
                .execute(Tuple.of(connectionId, limit))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(AuditTrail::line)
                        .toList());
    }

    private static AuditLine line(Row row) {
        return new AuditLine(
                AuditKind.valueOf(row.getString("kind")),
                row.getString("tenant_id"),
                row.getUUID("connection_id"),
                row.getInteger("generation"),
                row.getString("actor"),
                nullable(row, "from_state"),
                nullable(row, "to_state"),
                nullable(row, "reason"),
                row.getOffsetDateTime("occurred_at")
                        .withOffsetSameInstant(ZoneOffset.UTC)
                        .toInstant());
    }

    private static @Nullable String nullable(Row row, String column) {
        return row.getString(column);
    }
}
