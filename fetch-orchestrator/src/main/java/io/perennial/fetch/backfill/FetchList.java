package io.perennial.fetch.backfill;

import io.perennial.contracts.FetchReason;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads fetches for callers, of the tenants they may see, newest first. */
@ApplicationScoped
class FetchList {
    private static final String SELECT =
            """
            select j.id, j.connection_id, j.tenant_id, v.external_id, j.reason, j.state, j.window_from, j.window_to,
                   j.pages, j.orders_new, j.orders_updated, j.orders_unchanged, j.orders_set_aside, j.code, j.message,
                   j.requested_at, j.started_at, j.completed_at, j.next_attempt_at
            from fetch_job j join connection_view v on v.connection_id = j.connection_id
            where ($1::text[] is null or j.tenant_id = any($1))
            """;
    private static final String FIND = SELECT
            + """
                      and ($2::uuid is null or j.connection_id = $2)
                      and ($3::text is null or j.tenant_id = $3)
                      and ($4::text is null or j.state = $4)
                      and ($5::uuid is null or j.id < $5)
                    order by j.id desc limit $6
                    """;
    private static final String BY_ID = SELECT + " and j.id = any($2) order by j.id";

    record Filter(
            String @Nullable [] tenants,
            @Nullable UUID connection,
            @Nullable String tenant,
            @Nullable FetchState state,
            @Nullable UUID before,
            int limit) {}

    private final Pool pool;

    FetchList(Pool pool) {
        this.pool = pool;
    }

    /** One more than the limit, if there are more. */
    Uni<List<Fetch>> find(Filter filter) {
        FetchState state = filter.state();
        Tuple values = Tuple.tuple()
                .addValue(filter.tenants())
                .addUUID(filter.connection())
                .addString(filter.tenant())
                .addString(state == null ? null : state.name())
                .addUUID(filter.before())
                .addInteger(filter.limit() + 1);
        return pool.preparedQuery(FIND).execute(values).map(FetchList::fetches);
    }

    Uni<Optional<Fetch>> find(UUID id, String @Nullable [] tenants) {
        return find(pool, List.of(id), tenants).map(found -> found.stream().findFirst());
    }

    Uni<List<Fetch>> find(SqlClient client, List<UUID> ids, String @Nullable [] tenants) {
        return client.preparedQuery(BY_ID)
                .execute(Tuple.of(tenants, ids.toArray(UUID[]::new)))
                .map(FetchList::fetches);
    }

    private static List<Fetch> fetches(RowSet<Row> rows) {
        List<Fetch> fetches = new ArrayList<>();
        rows.forEach(row -> fetches.add(fetch(row)));
        return fetches;
    }

    private static Fetch fetch(Row row) {
        return new Fetch(
                row.getUUID("id"),
                row.getUUID("connection_id"),
                row.getString("tenant_id"),
                row.getString("external_id"),
                FetchReason.valueOf(row.getString("reason")),
                FetchState.valueOf(row.getString("state")),
                row.getOffsetDateTime("window_from").toInstant(),
                row.getOffsetDateTime("window_to").toInstant(),
                row.getInteger("pages"),
                row.getInteger("orders_new"),
                row.getInteger("orders_updated"),
                row.getInteger("orders_unchanged"),
                row.getInteger("orders_set_aside"),
                row.getString("code"),
                row.getString("message"),
                row.getOffsetDateTime("requested_at").toInstant(),
                instant(row.getOffsetDateTime("started_at")),
                instant(row.getOffsetDateTime("completed_at")),
                instant(row.getOffsetDateTime("next_attempt_at")));
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
