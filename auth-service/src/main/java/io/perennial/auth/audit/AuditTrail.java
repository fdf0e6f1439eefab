package io.perennial.auth.audit;

import io.perennial.auth.audit.AuditResource.AuditView;
import io.perennial.auth.persistence.Origin;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.StreamSupport;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** The audit trail: lines are only ever added, in the transaction of what they tell. */
@ApplicationScoped
public class AuditTrail {
    private static final String FIND =
            """
            select id, kind, tenant_id, connection_id, generation, actor, origin, from_state, to_state, reason,
                   occurred_at
            from audit_entry
            where ($1::text[] is null or tenant_id = any($1))
              and ($2::text is null or tenant_id = $2)
              and ($3::uuid is null or connection_id = $3)
              and ($4::text is null or kind = $4)
              and ($5::text is null or actor = $5)
              and ($6::timestamptz is null or occurred_at >= $6)
              and ($7::timestamptz is null or occurred_at < $7)
              and ($8::bigint is null or id < $8)
            order by id desc
            limit $9
            """;

    private final Pool pool;
    private final Origin origin;

    AuditTrail(Pool pool, Origin origin) {
        this.pool = pool;
        this.origin = origin;
    }

    /** Adds a line; it exists if and only if the session's transaction commits. */
    public Uni<Void> add(Mutiny.Session session, AuditLine line) {
        return session.persist(new AuditEntry(line, origin.address())).replaceWithVoid();
    }

    /**
     * Adds a line unless there is one since then that says the same: for what a stranger can cause again and again. Whoever
     * asks holds a lock that two at a time do not.
     */
    public Uni<Void> addOnce(Mutiny.Session session, AuditLine line, Instant since) {
        Mutiny.SelectionQuery<Long> same = session.createSelectionQuery(
                        "select count(e) from AuditEntry e where e.kind = :kind and e.occurredAt >= :since"
                                + (line.connectionId() == null
                                        ? " and e.connectionId is null"
                                        : " and e.connectionId = :connection")
                                + (line.reason() == null ? " and e.reason is null" : " and e.reason = :reason"),
                        Long.class)
                .setParameter("kind", line.kind())
                .setParameter("since", since);
        if (line.connectionId() != null) {
            same.setParameter("connection", line.connectionId());
        }
        if (line.reason() != null) {
            same.setParameter("reason", line.reason());
        }
        return same.getSingleResult()
                .chain(there -> there > 0 ? Uni.createFrom().voidItem() : add(session, line));
    }

    /** Adds lines with one statement; they exist if and only if the transaction commits. */
    public Uni<Void> addAll(SqlConnection transaction, List<AuditLine> lines) {
        return lines.isEmpty()
                ? Uni.createFrom().voidItem()
                : transaction
                        .preparedQuery(
                                """
                                insert into audit_entry (kind, tenant_id, connection_id, generation, actor, from_state,
                                                         to_state, reason, occurred_at, origin)
                                select l.*, $10::text
                                  from unnest($1::text[], $2::text[], $3::uuid[], $4::int[], $5::text[], $6::text[],
                                              $7::text[], $8::text[], $9::timestamptz[]) as l
                                """)
                        .execute(Tuple.tuple()
                                .addValue(column(lines, line -> line.kind().name(), String[]::new))
                                .addValue(column(lines, AuditLine::tenantId, String[]::new))
                                .addValue(column(lines, AuditLine::connectionId, UUID[]::new))
                                .addValue(column(lines, AuditLine::generation, Integer[]::new))
                                .addValue(column(lines, AuditLine::actor, String[]::new))
                                .addValue(column(lines, AuditLine::fromState, String[]::new))
                                .addValue(column(lines, AuditLine::toState, String[]::new))
                                .addValue(column(lines, AuditLine::reason, String[]::new))
                                .addValue(column(
                                        lines,
                                        line -> line.occurredAt().atOffset(ZoneOffset.UTC),
                                        OffsetDateTime[]::new))
                                .addValue(origin.address()))
                        .replaceWithVoid();
    }

    private static <T extends @Nullable Object> T[] column(
            List<AuditLine> lines, Function<AuditLine, T> value, IntFunction<T[]> array) {
        return lines.stream().map(value).toArray(array);
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

    /** Lines that the filter lets through, of tenants that the caller may see, latest first. */
    Uni<List<AuditView>> find(AuditFilter filter, String @Nullable [] visible, int atMost) {
        Tuple parameters = Tuple.tuple()
                .addValue(visible)
                .addValue(filter.tenant())
                .addValue(filter.connection())
                .addValue(filter.kind())
                .addValue(filter.actor())
                .addValue(filter.from())
                .addValue(filter.to())
                .addValue(filter.before())
                .addValue(atMost);
        return pool.preparedQuery(FIND).execute(parameters).map(rows -> StreamSupport.stream(rows.spliterator(), false)
                .map(AuditTrail::view)
                .toList());
    }

    private static AuditView view(Row row) {
        AuditLine line = line(row);
        return new AuditView(
                row.getLong("id"),
                line.occurredAt(),
                line.kind().name(),
                line.tenantId(),
                line.connectionId(),
                line.generation(),
                line.actor(),
                nullable(row, "origin"),
                line.fromState(),
                line.toState(),
                line.reason());
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
