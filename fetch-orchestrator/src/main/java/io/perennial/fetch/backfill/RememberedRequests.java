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
import org.jspecify.annotations.Nullable;

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
            "select request_hash, fetch_ids, bulk_id from fetch_request where created_by = $1 and idempotency_key = $2";
    private static final String ANSWERED =
            "update fetch_request set fetch_ids = $3, bulk_id = $4 where created_by = $1 and idempotency_key = $2";

    private final DomainClock clock;

    RememberedRequests(DomainClock clock) {
        this.clock = clock;
    }

    /** What a request is answered with: its fetches, or the bulk fetch that plans them later. */
    record Outcome(List<UUID> fetches, @Nullable UUID bulk) {
        static Outcome of(List<UUID> fetches) {
            return new Outcome(fetches, null);
        }

        static Outcome later(UUID bulk) {
            return new Outcome(List.of(), bulk);
        }
    }

    /** The answer to the request: the one it had, or what is planned now. A twin waits until that is committed. */
    Uni<Outcome> once(SqlConnection tx, Asker asker, Supplier<Uni<Outcome>> plan) {
        IdempotencyKey key = asker.key();
        if (key == null) {
            return plan.get();
        }
        Tuple note = Tuple.of(
                asker.id(), key.key(), key.requestHash(), clock.instant().atOffset(UTC));
        return tx.preparedQuery(REMEMBER)
                .execute(note)
                .chain(rows -> rows.rowCount() == 1
                        ? plan.get().call(outcome -> answered(tx, asker, key, outcome))
                        : tx.preparedQuery(RECALL)
                                .execute(Tuple.of(asker.id(), key.key()))
                                .map(found -> same(found.iterator().next(), key)));
    }

    private static Outcome same(Row row, IdempotencyKey key) {
        key.requireSameRequest(row.getString("request_hash"));
        return new Outcome(List.of(row.getArrayOfUUIDs("fetch_ids")), row.getUUID("bulk_id"));
    }

    private static Uni<Void> answered(SqlConnection tx, Asker asker, IdempotencyKey key, Outcome outcome) {
        return tx.preparedQuery(ANSWERED)
                .execute(Tuple.of(asker.id(), key.key(), outcome.fetches().toArray(UUID[]::new), outcome.bulk()))
                .replaceWithVoid();
    }
}
