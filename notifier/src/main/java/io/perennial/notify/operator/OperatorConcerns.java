package io.perennial.notify.operator;

import io.perennial.clock.DomainClock;
import io.perennial.clock.TimeOrderedIds;
import io.perennial.notify.email.Mornings;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;

/**
 * Connections that operators shall hear of: collected in the caller's transaction, told in one mail a morning. What was
 * renewed, reinstated or given up by then falls out, and what was said of an end that turned out to be later.
 */
@Singleton
public class OperatorConcerns {
    private static final String ADD =
            """
            insert into operator_concern (connection_id, generation, kind, stage, since, opens_at, created_at)
            select connection_id, generation, kind, stage, since, $5, $6
            from unnest($1::uuid[], $2::int[], $3::text[], $4::int[], $7::timestamptz[])
                 as c(connection_id, generation, kind, stage, since)
            on conflict on constraint operator_concern_once do nothing
            """;

    private static final String DROP_OF_WORKING =
            """
            delete from operator_concern o
            using connection c
            where c.connection_id = o.connection_id and o.connection_id = any ($1)
              and coalesce(o.since, o.created_at) <= c.reinstated_at
            """;

    /** What the provider refuses stays dead, whatever its end: of it a reinstatement tells. */
    private static final String DROP_OF_MOVED =
            """
            delete from operator_concern o
            using unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::timestamptz[])
                      as moved(connection_id, generation, at, ends_at),
                  connection c
            where o.connection_id = moved.connection_id and o.generation = moved.generation
              and o.kind in ('EXPIRING', 'OVERDUE') and coalesce(o.since, o.created_at) <= moved.at
              and moved.ends_at > moved.at + case o.kind when 'EXPIRING' then o.stage else 0 end * interval '24 hours'
              and c.connection_id = o.connection_id
              and not exists (
                  select from reminder r
                  where r.connection_id = o.connection_id and r.generation = o.generation
                    and r.kind in ('EXPIRED', 'REVOKED') and (r.due_at > c.reinstated_at) is not false)
            """;

    private static final String ARE_OPEN = "select exists (select from operator_concern where opens_at <= $1)";

    /** The row of a connection that a consumer changes just now is left for the next mail: skipped, never waited for. */
    private static final String TAKE =
            """
            with told as (
                delete from operator_concern
                where id in (select id from operator_concern where opens_at <= $1 order by opens_at, id limit 10000
                             for update skip locked)
                returning connection_id, generation, kind, stage
            )
            select c.connection_id, c.tenant_id, c.external_id, told.kind, told.stage
            from told join connection c using (connection_id)
            where not c.disconnected and told.generation = c.generation
            order by c.tenant_id, c.external_id, told.kind
            """;

    private final Pool pool;
    private final OperatorMails mails;
    private final Operators operators;
    private final Mornings mornings;
    private final DomainClock clock;
    private final TimeOrderedIds ids;

    OperatorConcerns(
            Pool pool,
            OperatorMails mails,
            Operators operators,
            Mornings mornings,
            DomainClock clock,
            TimeOrderedIds ids) {
        this.pool = pool;
        this.mails = mails;
        this.operators = operators;
        this.mornings = mornings;
        this.clock = clock;
        this.ids = ids;
    }

    /** Adds to the next mail; what is in it already is not added again. */
    public Uni<Void> add(SqlConnection transaction, List<Concern> concerns) {
        if (concerns.isEmpty() || operators.places().isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Instant now = clock.instant();
        Tuple columns = Tuple.tuple()
                .addValue(concerns.stream().map(Concern::connectionId).toArray(UUID[]::new))
                .addValue(concerns.stream().map(Concern::generation).toArray(Integer[]::new))
                .addValue(concerns.stream().map(Concern::kind).toArray(String[]::new))
                .addValue(concerns.stream().map(Concern::stage).toArray(Integer[]::new))
                .addValue(utc(mornings.opens(now, null)))
                .addValue(utc(now))
                .addValue(concerns.stream().map(concern -> utc(concern.since())).toArray(OffsetDateTime[]::new));
        return transaction.preparedQuery(ADD).execute(columns).replaceWithVoid();
    }

    /**
     * Takes back what is true no longer and not told yet: what was before a reinstatement, and what is said of an end that
     * turned out to be later.
     *
     * @param reinstated connections that were told to work again; locked, as those that moved
     */
    public Uni<Void> drop(SqlConnection transaction, Collection<UUID> reinstated, List<EndMoved> moved) {
        return dropOfWorking(transaction, reinstated).chain(() -> dropOfMoved(transaction, moved));
    }

    private static Uni<Void> dropOfWorking(SqlConnection transaction, Collection<UUID> reinstated) {
        return reinstated.isEmpty()
                ? Uni.createFrom().voidItem()
                : transaction
                        .preparedQuery(DROP_OF_WORKING)
                        .execute(Tuple.tuple().addValue(reinstated.toArray(UUID[]::new)))
                        .replaceWithVoid();
    }

    private static Uni<Void> dropOfMoved(SqlConnection transaction, List<EndMoved> moved) {
        if (moved.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Tuple columns = Tuple.tuple()
                .addValue(moved.stream().map(one -> one.about().connectionId()).toArray(UUID[]::new))
                .addValue(moved.stream().map(one -> one.about().generation()).toArray(Integer[]::new))
                .addValue(
                        moved.stream().map(one -> utc(one.about().occurredAt())).toArray(OffsetDateTime[]::new))
                .addValue(moved.stream().map(one -> utc(one.endsAt())).toArray(OffsetDateTime[]::new));
        return transaction.preparedQuery(DROP_OF_MOVED).execute(columns).replaceWithVoid();
    }

    /** Makes a mail of what is open; a crash leaves both the concerns and no mail, or the mail alone. */
    Uni<Void> tell() {
        OffsetDateTime now = utc(clock.instant());
        return pool.preparedQuery(ARE_OPEN)
                .execute(Tuple.of(now))
                .map(rows -> rows.iterator().next().getBoolean(0))
                .chain(open -> open
                        ? pool.withTransaction(transaction -> tell(transaction, now))
                        : Uni.createFrom().voidItem());
    }

    private Uni<Void> tell(SqlConnection transaction, OffsetDateTime now) {
        return transaction.preparedQuery(TAKE).execute(Tuple.of(now)).chain(rows -> {
            List<ConnectionAtRisk> connections = StreamSupport.stream(rows.spliterator(), false)
                    .map(ConnectionAtRisk::of)
                    .toList();
            return connections.isEmpty()
                    ? Uni.createFrom().voidItem()
                    : mails.plan(transaction, ids.next(), "CONNECTIONS_AT_RISK", ConnectionAtRisk.words(connections));
        });
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
