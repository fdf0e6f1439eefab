package io.perennial.console.view;

import io.perennial.contracts.ConnectionStatus;
import io.perennial.service.PageCursor;
import io.perennial.service.Shielded;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The connections that a person may see. */
@Singleton
public class Connections {
    /** Counting stops here: a list that long is not worked off by looking at its length. */
    public static final int COUNTED = 10_000;

    private static final String NEVER = "never";

    private final Pool pool;

    Connections(Pool pool) {
        this.pool = pool;
    }

    /** One part of the list, what ends first first. */
    public Uni<Slice<ConnectionView>> list(
            String @Nullable [] tenants, ConnectionFilter filter, @Nullable String cursor, int limit) {
        Statement statement = conditions(tenants, filter);
        List<String> after = PageCursor.decode(cursor, 2);
        if (after != null) {
            statement.and(
                    "(c.sort_at, c.connection_id) > (coalesce(?::timestamptz, 'infinity'), ?)",
                    endsAt(after.get(0)),
                    id(after.get(1)));
        }
        String sql = ConnectionView.COLUMNS + statement.conditions() + " order by c.sort_at, c.connection_id limit "
                + (limit + 1);
        return query(sql, statement.parameters()).map(rows -> Slice.cut(views(rows), limit, Connections::cursor));
    }

    /** These connections, as far as the person may see them, in no order. */
    public Uni<List<ConnectionView>> named(String @Nullable [] tenants, Collection<UUID> ids) {
        Statement statement = new Statement().and("c.connection_id = any(?)", (Object) ids.toArray(UUID[]::new));
        seenBy(tenants, statement);
        return query(ConnectionView.COLUMNS + statement.conditions(), statement.parameters())
                .map(Connections::views);
    }

    /** One connection; empty when it is unknown or another tenant's. */
    public Uni<Optional<ConnectionView>> find(String @Nullable [] tenants, UUID id) {
        return named(tenants, List.of(id)).map(found -> found.stream().findFirst());
    }

    /** Those whose last mail found nobody to go to, what ends first first; at most so many. */
    public Uni<List<ConnectionView>> unheard(String @Nullable [] tenants, int limit) {
        Statement statement = unheard(tenants);
        return query(unheard(statement, limit), statement.parameters()).map(Connections::views);
    }

    /** Begins from the troubles: {@code any (array(…))} is never turned round into a walk through all connections. */
    static Statement unheard(String @Nullable [] tenants) {
        Statement statement = new Statement()
                .and("c.state <> '" + ConnectionStatus.DISCONNECTED + "'")
                .and(
                        """
                        c.connection_id = any (array(
                            select u.connection_id from trouble u where u.kind = 'REMINDER' and u.code = 'NOBODY_HEARS'))
                        and exists (select from trouble u where u.connection_id = c.connection_id and u.kind = 'REMINDER'
                                       and u.code = 'NOBODY_HEARS' and u.generation >= c.generation)""");
        seenBy(tenants, statement);
        return statement;
    }

    static String unheard(Statement statement, int limit) {
        return ConnectionView.COLUMNS + statement.conditions() + " order by c.sort_at, c.connection_id limit " + limit;
    }

    /** How many there are, up to {@link #COUNTED}. */
    public Uni<Integer> count(String @Nullable [] tenants, ConnectionFilter filter) {
        Statement statement = conditions(tenants, filter);
        String sql = "select count(*)::int as number from (select 1 from connection c" + statement.conditions()
                + " limit " + COUNTED + ") s";
        return query(sql, statement.parameters())
                .map(rows -> rows.iterator().next().getInteger("number"));
    }

    /** How many end on each day (UTC) of a span. */
    public Uni<Map<LocalDate, Integer>> endingByDay(String @Nullable [] tenants, Instant from, Instant before) {
        Statement statement = conditions(tenants, ConnectionFilter.ending(from, before));
        String sql = "select (c.ends_at at time zone 'UTC')::date as day, count(*)::int as number from connection c"
                + statement.conditions() + " group by 1 order by 1";
        return query(sql, statement.parameters()).map(rows -> {
            Map<LocalDate, Integer> days = new LinkedHashMap<>();
            rows.forEach(row -> days.put(row.getLocalDate("day"), row.getInteger("number")));
            return days;
        });
    }

    /** The tenants that have connections, for the filter; at most a screenful. */
    public Uni<List<String>> tenants(String @Nullable [] tenants) {
        // A loose index scan: the cost grows with the number of tenants, not of connections.
        String sql =
                """
                with recursive t as (
                    (select tenant_id from connection order by tenant_id limit 1)
                    union all
                    select (select c.tenant_id from connection c where c.tenant_id > t.tenant_id
                            order by c.tenant_id limit 1)
                    from t where t.tenant_id is not null)
                select tenant_id from t
                where tenant_id is not null and ($1::text[] is null or tenant_id = any($1)) limit 200
                """;
        return query(sql, Tuple.tuple().addValue(tenants)).map(rows -> StreamSupport.stream(rows.spliterator(), false)
                .map(row -> row.getString("tenant_id"))
                .toList());
    }

    private static Statement conditions(String @Nullable [] tenants, ConnectionFilter filter) {
        Statement statement = new Statement();
        seenBy(tenants, statement);
        boolean aboutEnds = filter.endsFrom() != null || filter.endsBefore() != null;
        if (filter.state() != null) {
            statement.and("c.state = ?", filter.state().name());
        } else if (filter.needsConsent()) {
            statement.and("c.state in ('PENDING', 'EXPIRED', 'REVOKED')");
        } else if (aboutEnds) {
            // What is dead already does not end on that day.
            statement.and("c.state in ('ACTIVE', 'SUSPECT', 'OVERDUE')");
        } else {
            statement.and("c.state <> '" + ConnectionStatus.DISCONNECTED + "'");
        }
        if (filter.provider() != null) {
            statement.and("c.provider = ?", filter.provider().name());
        }
        if (filter.region() != null) {
            statement.and("c.region = ?", filter.region().name());
        }
        if (filter.tenant() != null) {
            statement.and("c.tenant_id = ?", filter.tenant());
        }
        if (filter.endsFrom() != null) {
            statement.and("c.sort_at >= ?", filter.endsFrom());
        }
        if (filter.endsBefore() != null) {
            statement.and("c.sort_at < ?", filter.endsBefore());
        }
        if (!filter.words().isEmpty()) {
            statement.and("c.search @@ ?::text::tsquery", prefixes(filter.words()));
        }
        return statement;
    }

    private static void seenBy(String @Nullable [] tenants, Statement statement) {
        if (tenants != null) {
            statement.and("c.tenant_id = any(?)", (Object) tenants);
        }
    }

    /** Words are letters and digits only, so quoting them is enough. */
    private static String prefixes(List<String> words) {
        return words.stream().map(word -> "'" + word + "':*").collect(Collectors.joining(" & "));
    }

    private Uni<RowSet<Row>> query(String sql, Tuple parameters) {
        return Shielded.uni(() -> pool.preparedQuery(sql).execute(parameters));
    }

    private static List<ConnectionView> views(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(ConnectionView::of)
                .toList();
    }

    private static String cursor(ConnectionView last) {
        return PageCursor.encode(last.endsAt() == null ? NEVER : last.endsAt(), last.id());
    }

    private static @Nullable Instant endsAt(String part) {
        try {
            return part.equals(NEVER) ? null : Instant.parse(part);
        } catch (DateTimeParseException e) {
            throw PageCursor.refused();
        }
    }

    private static UUID id(String part) {
        try {
            return UUID.fromString(part);
        } catch (IllegalArgumentException e) {
            throw PageCursor.refused();
        }
    }
}
