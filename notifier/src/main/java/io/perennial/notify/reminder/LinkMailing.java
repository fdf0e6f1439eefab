package io.perennial.notify.reminder;

import io.perennial.clock.DomainClock;
import io.perennial.clock.TimeOrderedIds;
import io.perennial.contracts.ConnectionRef;
import io.perennial.notify.connection.ConnectionRow;
import io.perennial.notify.connection.Connections;
import io.perennial.notify.connection.Sighting;
import io.perennial.notify.links.LinkRequest;
import io.perennial.notify.links.NoLinksException;
import io.perennial.notify.links.ReminderLink;
import io.perennial.notify.links.ReminderLinks;
import io.perennial.problem.ProblemException;
import io.perennial.problem.StandardProblem;
import io.perennial.service.IdempotencyKey;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowIterator;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Mails of the link that a person asks for. */
@Singleton
class LinkMailing {
    private static final String SAME_REQUEST =
            "select id, request_hash from reminder where created_by = $1 and idempotency_key = $2";

    private static final String MAILED_SINCE =
            """
            select exists (select from reminder
                           where connection_id = $1 and kind = 'LINK' and created_at > $2
                             and state not in ('FAILED', 'SUPPRESSED'))
            """;

    private static final String ADD =
            """
            insert into reminder (id, connection_id, tenant_id, generation, kind, stage, state, due_at,
                                  next_attempt_at, created_at, created_by, idempotency_key, request_hash)
            select $1, $2, $3, $4, 'LINK',
                   coalesce((select max(stage) from reminder
                             where connection_id = $2 and generation = $4 and kind = 'LINK'), 0) + 1,
                   'PENDING', $5, $5, $5, $6, $7, $8
            """;

    private final Pool pool;
    private final Connections connections;
    private final ReminderLinks links;
    private final ReminderConfig config;
    private final DomainClock clock;
    private final TimeOrderedIds ids;

    LinkMailing(
            Pool pool,
            Connections connections,
            ReminderLinks links,
            ReminderConfig config,
            DomainClock clock,
            TimeOrderedIds ids) {
        this.pool = pool;
        this.connections = connections;
        this.links = links;
        this.config = config;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Puts a mail of the connection's link in the queue.
     *
     * @return the reminder's id; the same for the same request under the same key
     */
    Uni<UUID> request(UUID connectionId, Asker asker) {
        return pool.withTransaction(transaction -> request(transaction, connectionId, asker))
                .onItem()
                .ifNull()
                .switchTo(() -> introduce(connectionId, asker)
                        .chain(() -> pool.withTransaction(transaction -> request(transaction, connectionId, asker))))
                .onItem()
                .ifNull()
                .failWith(ProblemException::notFound);
    }

    /** Null when no connection of that id is known to the asker. */
    private Uni<UUID> request(SqlConnection transaction, UUID connectionId, Asker asker) {
        return connections
                .lock(transaction, connectionId, asker.tenants())
                .chain(found -> found.isEmpty()
                        ? Uni.createFrom().nullItem()
                        : repeated(transaction, asker)
                                .chain(earlier -> earlier.isPresent()
                                        ? Uni.createFrom().item(earlier.get())
                                        : add(transaction, found.get(0), asker)));
    }

    private static Uni<Optional<UUID>> repeated(SqlConnection transaction, Asker asker) {
        IdempotencyKey key = asker.key();
        if (key == null) {
            return Uni.createFrom().item(Optional.empty());
        }
        return transaction
                .preparedQuery(SAME_REQUEST)
                .execute(Tuple.of(asker.id(), key.key()))
                .map(rows -> {
                    RowIterator<Row> found = rows.iterator();
                    if (!found.hasNext()) {
                        return Optional.empty();
                    }
                    Row row = found.next();
                    key.requireSameRequest(row.getString("request_hash"));
                    return Optional.of(row.getUUID("id"));
                });
    }

    private Uni<UUID> add(SqlConnection transaction, ConnectionRow connection, Asker asker) {
        if (connection.disconnected()) {
            throw new ProblemException(StandardProblem.CONFLICT, "The connection was given up.");
        }
        Instant now = clock.instant();
        return transaction
                .preparedQuery(MAILED_SINCE)
                .execute(Tuple.of(connection.connectionId(), utc(now.minus(config.linkPause()))))
                .map(rows -> rows.iterator().next().getBoolean(0))
                .chain(mailed -> mailed ? Uni.createFrom().failure(tooSoon()) : insert(transaction, connection, asker));
    }

    private ProblemException tooSoon() {
        return new ProblemException(
                StandardProblem.TOO_MANY_REQUESTS,
                "The link of this connection was mailed less than "
                        + config.linkPause().toMinutes() + " minutes ago.");
    }

    private Uni<UUID> insert(SqlConnection transaction, ConnectionRow connection, Asker asker) {
        UUID id = ids.next();
        IdempotencyKey key = asker.key();
        Tuple columns = Tuple.tuple()
                .addValue(id)
                .addValue(connection.connectionId())
                .addValue(connection.tenantId())
                .addValue(connection.generation())
                .addValue(utc(clock.instant()))
                .addValue(asker.id())
                .addValue(key == null ? null : key.key())
                .addValue(key == null ? null : key.requestHash());
        return transaction.preparedQuery(ADD).execute(columns).replaceWith(id);
    }

    /** A connection that was made a moment ago: its event is still on the way, so its owner is asked. */
    private Uni<Void> introduce(UUID connectionId, Asker asker) {
        LinkRequest question = new LinkRequest(connectionId, 0);
        return links.of(List.of(question))
                .onFailure(NoLinksException.class)
                .recoverWithItem(Map.of())
                .chain(answers -> note(answers.get(question), asker));
    }

    private Uni<Void> note(@Nullable ReminderLink link, Asker asker) {
        if (link == null
                || !link.current()
                || link.tenant() == null
                || link.externalId() == null
                || link.provider() == null
                || link.region() == null
                || !asker.sees(link.tenant().id())) {
            return Uni.createFrom().voidItem();
        }
        ConnectionRef about = new ConnectionRef(
                link.tenant().id(),
                link.connectionId(),
                link.externalId(),
                link.provider(),
                link.region(),
                link.generation(),
                clock.instant());
        return pool.withTransaction(transaction ->
                        connections.see(transaction, List.of(new Sighting(about, false, null)), clock.instant()))
                .replaceWithVoid();
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    /**
     * Who asks.
     *
     * @param tenants the tenants that the asker sees; null for all
     */
    record Asker(String id, String @Nullable [] tenants, @Nullable IdempotencyKey key) {
        boolean sees(String tenantId) {
            return tenants == null || List.of(tenants).contains(tenantId);
        }
    }
}
