package io.perennial.fetch.backfill;

import static java.time.ZoneOffset.UTC;

import io.perennial.clock.DomainClock;
import io.perennial.fetch.backfill.FetchRequests.Asker;
import io.perennial.service.IdempotencyKey;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/** Makes the same request under the same key one request: its twin gets the answer that the first one had. */
@ApplicationScoped
class RememberedRequests {
    private static final String REMEMBER =
            """
            insert into fetch_request (created_by, idempotency_key, request_hash, fetch_ids, created_at)
            values ($1, $2, $3, '{}', $4)
            on conflict (created_by, idempotency_key) do nothing
            """;
    private static final String RECALL =
            "select request_hash, fetch_ids from fetch_request where created_by = $1 and idempotency_key = $2";
    private static final String ANSWERED =
            "update fetch_request set fetch_ids = $3 where created_by = $1 and idempotency_key = $2";

    private final DomainClock clock;

    RememberedRequests(DomainClock clock) {
        this.clock = clock;
    }

    /** The fetches of the request: those it had, or those that it plans now. A twin waits until they are committed. */
    Uni<List<UUID>> once(SqlConnection tx, Asker asker, Supplier<Uni<List<UUID>>> plan) {
        IdempotencyKey key = asker.key();
        if (key == null) {
            return plan.get();
        }
        Tuple note = Tuple.of(
                asker.id(), key.key(), key.requestHash(), clock.instant().atOffset(UTC));
        return tx.preparedQuery(REMEMBER)
                .execute(note)
                .chain(rows -> rows.rowCount() == 1
                        ? plan.get().call(ids -> answered(tx, asker, key, ids))
                        : tx.preparedQuery(RECALL)
                                .execute(Tuple.of(asker.id(), key.key()))
                                .map(found -> same(found.iterator().next(), key)));
    }

    private static List<UUID> same(Row row, IdempotencyKey key) {
        key.requireSameRequest(row.getString(0));
        return List.of(row.getArrayOfUUIDs(1));
    }

    private static Uni<Void> answered(SqlConnection tx, Asker asker, IdempotencyKey key, List<UUID> ids) {
        return tx.preparedQuery(ANSWERED)
                .execute(Tuple.of(asker.id(), key.key(), ids.toArray(UUID[]::new)))
                .replaceWithVoid();
    }
}
