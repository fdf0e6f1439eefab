package io.perennial.fetch.loadstatus;

import static java.time.ZoneOffset.UTC;

import io.perennial.fetch.connectionview.ConnectionView;
import io.perennial.fetch.watermark.Interval;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What of each day is there, one row per connection and month: published orders, and whether it was read. */
@ApplicationScoped
public class LoadMonths {
    private static final int DAYS = 31;
    private static final String ADD =
            """
            insert into load_month as m (connection_id, month, orders, tenant_id) values ($1, $2, $3, $4)
            on conflict (connection_id, month) do update
            set orders = (select array_agg(stored + added order by day)
                          from unnest(m.orders, excluded.orders) with ordinality as d(stored, added, day))
            """;
    private static final String COVER =
            """
            insert into load_month (connection_id, month, tenant_id, orders, complete, touched, lost)
            select $1, date_trunc('month', day)::date, $2, array_fill(0, array[31]),
                   sum(case when w.complete @> d.span then d.bit else 0 end)::integer,
                   sum(case when w.touched && d.span then d.bit else 0 end)::integer,
                   sum(case when w.lost && d.span then d.bit else 0 end)::integer
            from (select range_intersect_agg(read) as complete, range_agg(read) as touched, range_agg(lost) as lost
                  from coverage c where connection_id = $1 and (marketplace_id = any($5) or not exists (
                      select from coverage where connection_id = $1 and marketplace_id = any($5)))) as w
            cross join generate_series($3::timestamp, $4::timestamp, interval '1 day') as day
            cross join lateral (select tstzrange(day at time zone 'UTC', (day + interval '1 day') at time zone 'UTC') as span,
                                       1 << (extract(day from day)::integer - 1) as bit) as d
            group by date_trunc('month', day)::date
            on conflict (connection_id, month) do update
            set complete = excluded.complete, touched = excluded.touched, lost = excluded.lost
            """;
    private static final String SNAPSHOT =
            """
            insert into load_month as m (connection_id, month, orders, tenant_id, complete, touched)
            values ($1, $2, $3, $4, $5, $5)
            on conflict (connection_id, month) do update
            set orders = (select array_agg(case when day = $6 then taken else stored end order by day)
                          from unnest(m.orders, excluded.orders) with ordinality as d(stored, taken, day)),
                complete = m.complete | excluded.complete, touched = m.touched | excluded.touched
            """;
    /** Tenants, connections, first and last month. */
    static final String FIND =
            """
            select connection_id, month, orders, complete, touched, lost from load_month
            where tenant_id = any($1) and connection_id = any($2) and month between $3 and $4
            """;

    private static final String USUAL =
            """
            select connection_id, sum(of_day)::float8 / greatest(1, count(*) filter (where of_day > 0)) as a_day
            from unnest($1::uuid[]) as c(connection_id)
            cross join lateral (select orders from load_month m
                                where m.connection_id = c.connection_id and (m.touched <> 0 or 0 < any(m.orders))
                                order by month desc limit 3) as known
            cross join unnest(known.orders) as of_day
            group by connection_id
            """;

    /** A day of a connection. */
    record Day(DayRead read, int orders) {
        static final Day UNKNOWN = new Day(DayRead.NOTHING, 0);
    }

    /** What is known of the days of a connection, by their month. */
    record Days(Map<LocalDate, Month> months) {
        static final Days UNKNOWN = new Days(Map.of());

        Day of(LocalDate date) {
            Month month = months.get(date.withDayOfMonth(1));
            return month == null ? Day.UNKNOWN : month.day(date.getDayOfMonth());
        }
    }

    /** A row; of each day a bit and an element. */
    record Month(Integer[] orders, int complete, int touched, int lost) {
        Day day(int number) {
            return new Day(read(1 << (number - 1)), orders[number - 1]);
        }

        private DayRead read(int day) {
            if ((complete & day) != 0) {
                return DayRead.ALL;
            }
            if ((lost & day) != 0) {
                return DayRead.LOST;
            }
            return (touched & day) != 0 ? DayRead.SOME : DayRead.NOTHING;
        }
    }

    /**
     * Orders of a usual day with orders, by connection; those of whom nothing is known are absent. The last months tell of
     * which something was read, however long ago that is.
     */
    public Uni<Map<UUID, Double>> usualDay(SqlConnection tx, Collection<UUID> connections) {
        Object[] ids = connections.toArray(UUID[]::new);
        return tx.preparedQuery(USUAL).execute(Tuple.tuple().addValue(ids)).map(rows -> {
            Map<UUID, Double> usual = new HashMap<>();
            rows.forEach(row -> usual.put(row.getUUID(0), row.getDouble(1)));
            return usual;
        });
    }

    /** Adds orders to the days of their update times. */
    public Uni<Void> add(SqlConnection tx, ConnectionView view, Collection<Instant> updateTimes) {
        Map<LocalDate, Integer[]> months = new HashMap<>();
        for (Instant instant : updateTimes) {
            int day = instant.atOffset(UTC).getDayOfMonth();
            months.computeIfAbsent(month(instant), month -> emptyMonth())[day - 1]++;
        }
        return Multi.createFrom()
                .iterable(months.entrySet())
                .onItem()
                .transformToUniAndConcatenate(month -> tx.preparedQuery(ADD)
                        .execute(Tuple.of(view.id(), month.getKey(), month.getValue(), view.tenantId()))
                        .replaceWith(month))
                .collect()
                .last()
                .replaceWithVoid();
    }

    /** A day of which a snapshot was taken, and of how many things. */
    public Uni<Void> snapshot(SqlConnection tx, ConnectionView view, LocalDate day, int count) {
        Integer[] days = emptyMonth();
        days[day.getDayOfMonth() - 1] = count;
        Tuple values = Tuple.of(
                view.id(),
                day.withDayOfMonth(1),
                days,
                view.tenantId(),
                1 << (day.getDayOfMonth() - 1),
                day.getDayOfMonth());
        return tx.preparedQuery(SNAPSHOT).execute(values).replaceWithVoid();
    }

    /** Takes over what the coverage says of the months of a window that was just read, or lost. */
    public Uni<Void> cover(SqlConnection tx, ConnectionView view, Interval window) {
        LocalDate last = month(window.to()).plusMonths(1).minusDays(1);
        Tuple values = Tuple.of(
                view.id(),
                view.tenantId(),
                month(window.from()).atStartOfDay(),
                last.atStartOfDay(),
                view.coveredMarketplaces().toArray(String[]::new));
        return tx.preparedQuery(COVER).execute(values).replaceWithVoid();
    }

    /** Forgets the days of a connection that was given up. */
    public Uni<Void> erase(SqlConnection tx, UUID connection) {
        return tx.preparedQuery("delete from load_month where connection_id = $1")
                .execute(Tuple.of(connection))
                .replaceWithVoid();
    }

    /** What is known of the days of connections; those of which nothing is known are absent. */
    Uni<Map<UUID, Days>> find(SqlConnection tx, List<ConnectionView> connections, LocalDate from, LocalDate to) {
        Tuple values = Tuple.of(
                connections.stream().map(ConnectionView::tenantId).distinct().toArray(String[]::new),
                connections.stream().map(ConnectionView::id).toArray(UUID[]::new),
                from.withDayOfMonth(1),
                to.withDayOfMonth(1));
        return tx.preparedQuery(FIND).execute(values).map(rows -> {
            Map<UUID, Days> found = new HashMap<>();
            rows.forEach(row -> found.computeIfAbsent(row.getUUID(0), id -> new Days(new HashMap<>()))
                    .months()
                    .put(
                            row.getLocalDate(1),
                            new Month(
                                    row.getArrayOfIntegers(2),
                                    row.getInteger(3),
                                    row.getInteger(4),
                                    row.getInteger(5))));
            return found;
        });
    }

    private static LocalDate month(Instant instant) {
        return instant.atOffset(UTC).toLocalDate().withDayOfMonth(1);
    }

    private static Integer[] emptyMonth() {
        Integer[] days = new Integer[DAYS];
        Arrays.fill(days, 0);
        return days;
    }
}
