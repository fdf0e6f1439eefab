package io.perennial.fetch.loadstatus;

import static java.time.ZoneOffset.UTC;

import io.perennial.fetch.connectionview.ConnectionView;
import io.perennial.fetch.connectionview.ConnectionViews;
import io.perennial.fetch.loadstatus.DayPolicy.Attempt;
import io.perennial.fetch.loadstatus.DayPolicy.Verdict;
import io.perennial.fetch.loadstatus.LoadMonths.Day;
import io.perennial.fetch.loadstatus.LoadMonths.Days;
import io.perennial.fetch.watermark.Interval;
import io.perennial.service.PageCursor;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads the load status of a page of connections with three statements, the last two at once, whatever their number. The rows
 * of a tenant stand side by side in their indexes, so that a page costs the same among a million connections.
 */
@ApplicationScoped
class LoadStatus {
    private static final String CONNECTIONS =
            """
            select connection_id, tenant_id, external_id, provider, region, generation, marketplaces, state, without_orders
            from connection_view
            """;
    private static final String ORDERED = " order by tenant_id, connection_id limit ";
    /** After which tenant and connection, how many. */
    static final String OF_ALL = CONNECTIONS + "where (tenant_id, connection_id) > ($1, $2)" + ORDERED + "$3";
    /**
     * Of which tenants, after which tenant and connection, how many: the rest of the tenant in which the last page ended, then
     * the tenants after it. In one condition the index would be read from the tenant's first connection on.
     */
    static final String OF_TENANTS = "(" + CONNECTIONS
            + "where tenant_id = $2 and $2 = any($1) and connection_id > $3 order by connection_id limit $4) union all ("
            + CONNECTIONS
            + "where tenant_id = any(array(select t from unnest($1) as t where t > $2))" + ORDERED + "$4)" + ORDERED
            + "$4";

    private static final String ONE =
            CONNECTIONS + "where connection_id = $1 and ($2::text[] is null or tenant_id = any($2))";
    /** Tenants, connections, from when to when. */
    static final String ATTEMPTS =
            """
            select connection_id, state, window_from, window_to, code from fetch_job
            where tenant_id = any($1) and connection_id = any($2) and window_to > $3 and window_from < $4
              and (state in ('WAITING', 'RUNNING', 'PARKED') or state = 'FAILED' and not superseded)
            order by connection_id, id desc
            """;

    private static final UUID FIRST = new UUID(0, 0);

    /** @param after tenant and connection that were shown last */
    record Filter(String @Nullable [] tenants, @Nullable UUID connection, @Nullable After after, int limit) {}

    record After(String tenant, UUID connection) {}

    private record Loaded(Map<UUID, List<Attempt>> attempts, Map<UUID, Days> days) {}

    private final Pool pool;
    private final LoadMonths months;

    LoadStatus(Pool pool, LoadMonths months) {
        this.pool = pool;
        this.months = months;
    }

    Uni<LoadStatusResource.Answer> find(Filter filter, LocalDate first, LocalDate last) {
        return pool.withConnection(
                session -> connections(session, filter).chain(found -> answer(session, filter, found, first, last)));
    }

    private static Uni<List<ConnectionView>> connections(SqlConnection session, Filter filter) {
        UUID connection = filter.connection();
        if (connection != null) {
            return session.preparedQuery(ONE)
                    .execute(Tuple.of(connection, filter.tenants()))
                    .map(ConnectionViews::all);
        }
        After after = filter.after() == null ? new After("", FIRST) : filter.after();
        int limit = filter.limit() + 1;
        return filter.tenants() == null
                ? session.preparedQuery(OF_ALL)
                        .execute(Tuple.of(after.tenant(), after.connection(), limit))
                        .map(ConnectionViews::all)
                : session.preparedQuery(OF_TENANTS)
                        .execute(Tuple.of(filter.tenants(), after.tenant(), after.connection(), limit))
                        .map(ConnectionViews::all);
    }

    private Uni<LoadStatusResource.Answer> answer(
            SqlConnection session, Filter filter, List<ConnectionView> found, LocalDate first, LocalDate last) {
        List<ConnectionView> page = found.subList(0, Math.min(found.size(), filter.limit()));
        String next = found.size() > filter.limit() ? cursor(page.get(page.size() - 1)) : null;
        return load(session, page, first, last)
                .map(loaded -> new LoadStatusResource.Answer(
                        page.stream()
                                .map(connection -> status(connection, loaded, first, last))
                                .toList(),
                        next));
    }

    private static String cursor(ConnectionView last) {
        return PageCursor.encode(last.tenantId(), last.id());
    }

    /** Both at once, the attempts first: what is finished meanwhile shows as running or as read, not as neither. */
    private Uni<Loaded> load(SqlConnection session, List<ConnectionView> page, LocalDate first, LocalDate last) {
        return Uni.combine()
                .all()
                .unis(attempts(session, page, first, last), months.find(session, page, first, last))
                .with(Loaded::new);
    }

    private static Uni<Map<UUID, List<Attempt>>> attempts(
            SqlConnection session, List<ConnectionView> page, LocalDate first, LocalDate last) {
        Tuple values = Tuple.of(
                page.stream().map(ConnectionView::tenantId).distinct().toArray(String[]::new),
                page.stream().map(ConnectionView::id).toArray(UUID[]::new),
                day(first).from().atOffset(UTC),
                day(last).to().atOffset(UTC));
        return session.preparedQuery(ATTEMPTS).execute(values).map(rows -> {
            Map<UUID, List<Attempt>> attempts = new HashMap<>();
            rows.forEach(row -> attempts.computeIfAbsent(row.getUUID(0), id -> new ArrayList<>())
                    .add(new Attempt(
                            row.getString(1),
                            new Interval(
                                    row.getOffsetDateTime(2).toInstant(),
                                    row.getOffsetDateTime(3).toInstant()),
                            row.getString(4))));
            return attempts;
        });
    }

    private static LoadStatusResource.OfConnection status(
            ConnectionView connection, Loaded loaded, LocalDate first, LocalDate last) {
        List<Attempt> attempts = loaded.attempts().getOrDefault(connection.id(), List.of());
        Days known = loaded.days().getOrDefault(connection.id(), Days.UNKNOWN);
        boolean ads = connection.advertises();
        List<LoadStatusResource.Day> days = first.datesUntil(last.plusDays(1))
                .map(date -> {
                    Day there = known.of(date);
                    Verdict verdict = DayPolicy.verdict(connection, there.read(), attempts, day(date));
                    return new LoadStatusResource.Day(
                            date,
                            verdict.status(),
                            ads ? 0 : there.orders(),
                            ads ? (Integer) there.orders() : null,
                            verdict.code());
                })
                .toList();
        return new LoadStatusResource.OfConnection(connection.id(), connection.externalId(), days);
    }

    private static Interval day(LocalDate date) {
        return new Interval(
                date.atStartOfDay().toInstant(UTC),
                date.plusDays(1).atStartOfDay().toInstant(UTC));
    }
}
