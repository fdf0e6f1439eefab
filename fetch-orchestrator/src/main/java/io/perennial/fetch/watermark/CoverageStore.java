package io.perennial.fetch.watermark;

import static java.time.ZoneOffset.UTC;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Keeps coverage. Windows are united in the database, so that two writers can not lose each other's. */
@ApplicationScoped
public class CoverageStore {
    // What was read of all marketplaces (*) was read of each that is named later.
    private static final String BEGIN =
            """
            insert into coverage (connection_id, marketplace_id, origin, read, lost)
            select $1, m.marketplace_id, coalesce(a.origin, $3), coalesce(a.read, '{}'), coalesce(a.lost, '{}')
            from unnest($2::text[]) as m(marketplace_id)
            left join coverage a on a.connection_id = $1 and a.marketplace_id = '*'
            on conflict (connection_id, marketplace_id) do nothing
            """;
    // Begins no marketplace: what lies before a window that somebody asked for would never be read.
    private static final String ADD =
            """
            update coverage set read = read + tstzmultirange(tstzrange($3, $4))
            where connection_id = $1 and (marketplace_id = any($2) or '*' = any($2))
            """;
    private static final String LOSE =
            """
            update coverage set lost = lost + tstzmultirange(tstzrange($3, $4))
            where connection_id = $1 and marketplace_id = any($2)
            """;
    private static final String FIND =
            """
            select connection_id, marketplace_id, origin, part.lost, lower(part.span) as part_from, upper(part.span) as part_to
            from coverage c left join lateral (
                select false as lost, span from unnest(c.read) as span
                union all
                select true, span from unnest(c.lost) as span) as part on true
            where connection_id = any($1)
            order by connection_id, marketplace_id, part_from
            """;

    /**
     * Notes from where on nothing may be missing. A marketplace that has begun keeps its origin; one that a connection of all
     * marketplaces now names has what was read of all.
     */
    public Uni<Void> begin(SqlConnection tx, UUID connection, Collection<String> marketplaces, Instant origin) {
        return tx.preparedQuery(BEGIN)
                .execute(Tuple.of(connection, marketplaces.toArray(String[]::new), origin.atOffset(UTC)))
                .replaceWithVoid();
    }

    /**
     * Notes that a window was read to its last page; one of all marketplaces was read of each. A marketplace that has not begun
     * is left out: it begins with its first plan, which reads the window once more.
     */
    public Uni<Void> add(SqlConnection tx, UUID connection, Collection<String> marketplaces, Interval window) {
        return tx.preparedQuery(ADD)
                .execute(values(connection, marketplaces, window))
                .replaceWithVoid();
    }

    /** Notes that a window can not be read any more. The marketplaces must have begun. */
    public Uni<Void> lose(SqlConnection tx, UUID connection, Collection<String> marketplaces, Interval window) {
        return tx.preparedQuery(LOSE)
                .execute(values(connection, marketplaces, window))
                .replaceWithVoid();
    }

    private static Tuple values(UUID connection, Collection<String> marketplaces, Interval window) {
        return Tuple.of(
                connection,
                marketplaces.toArray(String[]::new),
                window.from().atOffset(UTC),
                window.to().atOffset(UTC));
    }

    /** Coverage by connection and marketplace; connections without any are absent. */
    public Uni<Map<UUID, Map<String, Coverage>>> find(SqlConnection tx, Collection<UUID> connections) {
        return tx.preparedQuery(FIND)
                .execute(Tuple.of(connections.toArray(UUID[]::new)))
                .map(CoverageStore::read);
    }

    private static Map<UUID, Map<String, Coverage>> read(RowSet<Row> rows) {
        Map<UUID, Map<String, Coverage>> found = new HashMap<>();
        for (Row row : rows) {
            found.computeIfAbsent(row.getUUID("connection_id"), id -> new HashMap<>())
                    .merge(row.getString("marketplace_id"), coverage(row), CoverageStore::union);
        }
        return found;
    }

    /** Forgets what was read of a connection that was given up. */
    public Uni<Void> erase(SqlConnection tx, UUID connection) {
        return tx.preparedQuery("delete from coverage where connection_id = $1")
                .execute(Tuple.of(connection))
                .replaceWithVoid();
    }

    private static Coverage coverage(Row row) {
        Instant origin = row.getOffsetDateTime("origin").toInstant();
        OffsetDateTime from = row.getOffsetDateTime("part_from");
        if (from == null) {
            return new Coverage(origin, IntervalSet.EMPTY);
        }
        IntervalSet part = IntervalSet.of(
                new Interval(from.toInstant(), row.getOffsetDateTime("part_to").toInstant()));
        return row.getBoolean("lost") ? new Coverage(origin, IntervalSet.EMPTY, part) : new Coverage(origin, part);
    }

    private static Coverage union(Coverage one, Coverage other) {
        return new Coverage(
                one.origin(),
                one.read().plus(other.read().intervals()),
                one.lost().plus(other.lost().intervals()));
    }
}
