package io.perennial.fetch.loadstatus;

import static java.time.ZoneOffset.UTC;

import io.perennial.fetch.connectionview.ConnectionView;
import io.perennial.fetch.connectionview.ConnectionViews;
import io.perennial.fetch.loadstatus.DayPolicy.Attempt;
import io.perennial.fetch.loadstatus.DayPolicy.Verdict;
import io.perennial.fetch.watermark.Coverage;
import io.perennial.fetch.watermark.CoverageStore;
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

/** Reads the load status of a page of connections with four statements, whatever their number. */
@ApplicationScoped
class LoadStatus {
    private static final String CONNECTIONS =
            """
            select connection_id from connection_view
            where ($1::text[] is null or tenant_id = any($1))
              and ($2::text is null or tenant_id = $2)
              and ($3::uuid is null or connection_id = $3)
              and ($4::uuid is null or connection_id > $4)
            order by connection_id limit $5
            """;
    private static final String ATTEMPTS =
            """
            select connection_id, state, window_from, window_to, code from fetch_job
            where connection_id = any($1) and window_to > $2 and window_from < $3
              and state in ('WAITING', 'RUNNING', 'PARKED', 'FAILED')
            order by connection_id, id desc
            """;

    record Filter(
            String @Nullable [] tenants,
            @Nullable String tenant,
            @Nullable UUID connection,
            @Nullable UUID after,
            int limit) {}

    private record Loaded(
            Map<UUID, Map<String, Coverage>> coverage,
            Map<UUID, List<Attempt>> attempts,
            Map<UUID, Map<LocalDate, Integer>> orders) {}

    private final Pool pool;
    private final ConnectionViews views;
    private final CoverageStore coverage;
    private final LoadMonths months;

    LoadStatus(Pool pool, ConnectionViews views, CoverageStore coverage, LoadMonths months) {
        this.pool = pool;
        this.views = views;
        this.coverage = coverage;
        this.months = months;
    }

    Uni<LoadStatusResource.Answer> find(Filter filter, LocalDate first, LocalDate last) {
        return pool.withTransaction(tx -> ids(tx, filter).chain(ids -> answer(tx, filter, ids, first, last)));
    }

    private static Uni<List<UUID>> ids(SqlConnection tx, Filter filter) {
        Tuple values =
                Tuple.of(filter.tenants(), filter.tenant(), filter.connection(), filter.after(), filter.limit() + 1);
        return tx.preparedQuery(CONNECTIONS).execute(values).map(rows -> {
            List<UUID> ids = new ArrayList<>();
            rows.forEach(row -> ids.add(row.getUUID(0)));
            return ids;
        });
    }

    private Uni<LoadStatusResource.Answer> answer(
            SqlConnection tx, Filter filter, List<UUID> found, LocalDate first, LocalDate last) {
        List<UUID> ids = found.subList(0, Math.min(found.size(), filter.limit()));
        String next = found.size() > filter.limit() ? PageCursor.encode(ids.get(ids.size() - 1)) : null;
        return views.find(tx, ids, filter.tenants()).chain(connections -> load(tx, ids, first, last)
                .map(loaded -> new LoadStatusResource.Answer(
                        ids.stream()
                                .flatMap(id -> connections.stream().filter(c -> c.id().equals(id)))
                                .map(connection -> status(connection, loaded, first, last))
                                .toList(),
                        next)));
    }

    private Uni<Loaded> load(SqlConnection tx, List<UUID> ids, LocalDate first, LocalDate last) {
        UUID[] array = ids.toArray(UUID[]::new);
        return coverage.find(tx, ids)
                .chain(covered -> attempts(tx, array, first, last).chain(attempts -> months.find(tx, array, first, last)
                        .map(orders -> new Loaded(covered, attempts, orders))));
    }

    private static Uni<Map<UUID, List<Attempt>>> attempts(
            SqlConnection tx, UUID[] ids, LocalDate first, LocalDate last) {
        Tuple values =
                Tuple.of(ids, day(first).from().atOffset(UTC), day(last).to().atOffset(UTC));
        return tx.preparedQuery(ATTEMPTS).execute(values).map(rows -> {
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
        Map<String, Coverage> covered = loaded.coverage().getOrDefault(connection.id(), Map.of());
        List<Attempt> attempts = loaded.attempts().getOrDefault(connection.id(), List.of());
        Map<LocalDate, Integer> orders = loaded.orders().getOrDefault(connection.id(), Map.of());
        List<LoadStatusResource.Day> days = first.datesUntil(last.plusDays(1))
                .map(date -> {
                    Verdict verdict = DayPolicy.verdict(connection, covered.values(), attempts, day(date));
                    return new LoadStatusResource.Day(
                            date, verdict.status(), orders.getOrDefault(date, 0), verdict.code());
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
