package io.perennial.fetch.loadstatus;

import static java.time.ZoneOffset.UTC;

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
import java.util.Map;
import java.util.UUID;

/** Counts published orders per day. */
@ApplicationScoped
public class LoadMonths {
    private static final int DAYS = 31;
    private static final String ADD =
            """
            insert into load_month as m (connection_id, month, orders) values ($1, $2, $3)
            on conflict (connection_id, month) do update
            set orders = (select array_agg(stored + added order by day)
                          from unnest(m.orders, excluded.orders) with ordinality as d(stored, added, day))
            """;
    private static final String FIND =
            "select connection_id, month, orders from load_month where connection_id = any($1) and month between $2 and $3";

    /** Adds orders to the days of their update times. */
    public Uni<Void> add(SqlConnection tx, UUID connection, Collection<Instant> updateTimes) {
        Map<LocalDate, Integer[]> months = new HashMap<>();
        for (Instant instant : updateTimes) {
            LocalDate day = instant.atOffset(UTC).toLocalDate();
            months.computeIfAbsent(day.withDayOfMonth(1), month -> emptyMonth())[day.getDayOfMonth() - 1]++;
        }
        return Multi.createFrom()
                .iterable(months.entrySet())
                .onItem()
                .transformToUniAndConcatenate(month -> tx.preparedQuery(ADD)
                        .execute(Tuple.of(connection, month.getKey(), month.getValue()))
                        .replaceWith(month))
                .collect()
                .last()
                .replaceWithVoid();
    }

    /** Orders by connection and day; days without any may be absent. */
    Uni<Map<UUID, Map<LocalDate, Integer>>> find(SqlConnection tx, UUID[] connections, LocalDate from, LocalDate to) {
        Tuple values = Tuple.of(connections, from.withDayOfMonth(1), to.withDayOfMonth(1));
        return tx.preparedQuery(FIND).execute(values).map(rows -> {
            Map<UUID, Map<LocalDate, Integer>> found = new HashMap<>();
            rows.forEach(row -> {
                LocalDate month = row.getLocalDate(1);
                Integer[] orders = row.getArrayOfIntegers(2);
                Map<LocalDate, Integer> days = found.computeIfAbsent(row.getUUID(0), id -> new HashMap<>());
                for (int day = 0; day < month.lengthOfMonth(); day++) {
                    days.put(month.plusDays(day), orders[day]);
                }
            });
            return found;
        });
    }

    private static Integer[] emptyMonth() {
        Integer[] days = new Integer[DAYS];
        Arrays.fill(days, 0);
        return days;
    }
}
