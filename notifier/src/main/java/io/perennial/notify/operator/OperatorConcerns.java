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
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;

/**
 * Connections that operators shall hear of: collected in the caller's transaction, told in one mail a morning. What was
 * renewed or given up by then falls out.
 */
@Singleton
public class OperatorConcerns {
    private static final String ADD =
            """
            insert into operator_concern (connection_id, generation, kind, stage, opens_at, created_at)
            select connection_id, generation, kind, stage, $5, $6
            from unnest($1::uuid[], $2::int[], $3::text[], $4::int[]) as c(connection_id, generation, kind, stage)
            on conflict on constraint operator_concern_once do nothing
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
                .addValue(utc(now));
        return transaction.preparedQuery(ADD).execute(columns).replaceWithVoid();
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
