package io.perennial.fetch.backfill;

import static java.time.ZoneOffset.UTC;

import io.perennial.clock.DomainClock;
import io.perennial.contracts.FetchReason;
import io.perennial.fetch.connectionview.ConnectionView;
import io.perennial.fetch.connectionview.ConnectionViews;
import io.perennial.fetch.watermark.Interval;
import io.perennial.outbox.Outbox;
import io.perennial.problem.ProblemException;
import io.perennial.service.IdempotencyKey;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** "Fetch My Data": plans what people ask for. One transaction; the same request under the same key is one request. */
@ApplicationScoped
class FetchRequests {
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

    private final Pool pool;
    private final ConnectionViews views;
    private final FetchPlanner planner;
    private final FetchList list;
    private final FetchLoop loop;
    private final Outbox outbox;
    private final BackfillConfig limits;
    private final DomainClock clock;

    FetchRequests(
            Pool pool,
            ConnectionViews views,
            FetchPlanner planner,
            FetchList list,
            FetchLoop loop,
            Outbox outbox,
            BackfillConfig limits,
            DomainClock clock) {
        this.pool = pool;
        this.views = views;
        this.planner = planner;
        this.list = list;
        this.loop = loop;
        this.outbox = outbox;
        this.limits = limits;
        this.clock = clock;
    }

    /** Who asks. */
    record Asker(String id, String @Nullable [] tenants, @Nullable IdempotencyKey key) {}

    Uni<List<Fetch>> request(FetchWish wish, Asker asker) {
        return pool.withTransaction(tx -> before(tx, asker)
                        .chain(known -> known.isPresent()
                                ? Uni.createFrom().item(known.get())
                                : plan(tx, wish, asker).call(ids -> remember(tx, asker, ids)))
                        .chain(ids -> list.find(tx, ids, asker.tenants())))
                .invoke(outbox::wake)
                .invoke(loop::wake);
    }

    /** The answer that the same request had; empty for a new one, which is noted so that a twin waits for it. */
    private Uni<Optional<List<UUID>>> before(SqlConnection tx, Asker asker) {
        IdempotencyKey key = asker.key();
        if (key == null) {
            return Uni.createFrom().item(Optional.empty());
        }
        Tuple note = Tuple.of(
                asker.id(), key.key(), key.requestHash(), clock.instant().atOffset(UTC));
        return tx.preparedQuery(REMEMBER)
                .execute(note)
                .chain(rows -> rows.rowCount() == 1
                        ? Uni.createFrom().item(Optional.empty())
                        : tx.preparedQuery(RECALL)
                                .execute(Tuple.of(asker.id(), key.key()))
                                .map(found -> Optional.of(same(found.iterator().next(), key))));
    }

    private static List<UUID> same(Row row, IdempotencyKey key) {
        key.requireSameRequest(row.getString(0));
        return List.of(row.getArrayOfUUIDs(1));
    }

    private static Uni<Void> remember(SqlConnection tx, Asker asker, List<UUID> ids) {
        IdempotencyKey key = asker.key();
        return key == null
                ? Uni.createFrom().voidItem()
                : tx.preparedQuery(ANSWERED)
                        .execute(Tuple.of(asker.id(), key.key(), ids.toArray(UUID[]::new)))
                        .replaceWithVoid();
    }

    private Uni<List<UUID>> plan(SqlConnection tx, FetchWish wish, Asker asker) {
        Interval window = wish.window();
        return connections(tx, wish, asker)
                .chain(ids -> views.lock(tx, ids))
                .map(locked -> usable(locked, wish))
                .chain(locked -> window == null
                        ? planner.planGaps(tx, locked, FetchReason.MANUAL, clock.instant())
                        : planner.planWindow(tx, locked, window, clock.instant()));
    }

    private Uni<List<UUID>> connections(SqlConnection tx, FetchWish wish, Asker asker) {
        String tenant = wish.tenant();
        if (tenant != null) {
            return views.usableOf(tx, tenant, limits.mostConnections() + 1).invoke(this::requireFew);
        }
        return views.find(tx, wish.connections(), asker.tenants()).map(found -> {
            boolean all = found.size() == wish.connections().size();
            if (wish.named() ? !all : found.isEmpty() && !wish.connections().isEmpty()) {
                throw ProblemException.notFound();
            }
            return found.stream().map(ConnectionView::id).toList();
        });
    }

    private void requireFew(List<UUID> connections) {
        if (connections.size() > limits.mostConnections()) {
            throw ProblemException.invalidField(
                    "tenant", "has more than " + limits.mostConnections() + " connections; name them in portions");
        }
    }

    /** A connection that is named must be usable; of a tenant or a campaign, those that are. */
    private static List<ConnectionView> usable(List<ConnectionView> locked, FetchWish wish) {
        if (!wish.named()) {
            return locked.stream().filter(ConnectionView::usable).toList();
        }
        for (ConnectionView view : locked) {
            if (!view.usable()) {
                FetchProblem problem = FetchProblem.of(view);
                throw new ProblemException(problem, problem.title() + " (" + view.externalId() + ")");
            }
        }
        return locked;
    }
}
