package io.perennial.notify.reminder;

import io.perennial.clock.DomainClock;
import io.perennial.clock.TimeOrderedIds;
import io.perennial.contracts.ReminderKind;
import io.perennial.notify.connection.ConnectionRow;
import io.perennial.notify.connection.Connections;
import io.perennial.notify.operator.Concern;
import io.perennial.notify.operator.OperatorConcerns;
import io.perennial.outbox.Outbox;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** What events may do to reminders: ask for one, and make others unwanted. Always in the caller's transaction. */
@Singleton
public class Reminders {
    private static final Set<ReminderKind> SAY_IT_IS_DEAD =
            Set.of(ReminderKind.EXPIRED, ReminderKind.OVERDUE, ReminderKind.REVOKED);

    private static final Set<ReminderKind> OF_A_PLAN =
            Set.of(ReminderKind.EXPIRING, ReminderKind.EXPIRED, ReminderKind.OVERDUE, ReminderKind.REVOKED);

    /**
     * A stage that has a row is told again only under a new plan: its grant was reinstated in between, or its end moved on
     * ({@link SendPolicy#NEW_PLAN}). Both are read from the instants of the events, so what is announced twice stays one
     * mail in whatever order it comes. Rows without an end count as if it were the latest that their stage allows.
     */
    private static final String PLAN =
            """
            insert into reminder (id, connection_id, tenant_id, generation, kind, stage, life, orders_caught_up, state,
                                  due_at, ends_at, next_attempt_at, created_at)
            select p.id, p.connection_id, p.tenant_id, p.generation, p.kind, p.stage, coalesce(former.life + 1, 0),
                   p.orders_caught_up, 'PENDING', p.due_at, p.ends_at, $9, $9
            from unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::text[], $6::int[], $7::int[],
                        $8::timestamptz[], $10::timestamptz[])
                 as p(id, connection_id, tenant_id, generation, kind, stage, orders_caught_up, due_at, ends_at)
            join connection c on c.connection_id = p.connection_id
            left join lateral (
                select r.life, r.due_at, coalesce(r.ends_at, r.due_at + r.stage * interval '24 hours') as ends_at
                from reminder r
                where r.connection_id = p.connection_id and r.generation = p.generation and r.kind = p.kind
                  and r.stage = p.stage and r.place = 0
                order by r.life desc
                limit 1) as former on true
            where (p.kind = any ($12) and p.due_at <= c.reinstated_at) is not true
              and (former.life is null
                   or (p.kind = any ($11)
                       and ((former.due_at <= c.reinstated_at and p.due_at > c.reinstated_at)
                            or p.ends_at >= former.ends_at + make_interval(hours => $13))))
            on conflict on constraint reminder_once do nothing
            returning connection_id, generation, kind, stage, due_at
            """;

    private static final String SUPPRESS =
            """
            update reminder r
            set state = 'SUPPRESSED', finished_at = $3,
                code = case when c.disconnected then 'DISCONNECTED'
                            when r.generation < c.generation then 'RENEWED'
                            else 'WORKS_AGAIN' end
            from connection c
            where c.connection_id = r.connection_id
              and r.connection_id = any ($1)
              and r.state = 'PENDING'
              and (c.disconnected
                   or r.generation < c.generation
                   or (r.due_at <= c.reinstated_at and r.kind = any ($2)))
            returning r.id, r.claim, r.connection_id, r.generation, r.kind, r.stage, r.place, r.mailbox, r.orders_caught_up,
                      r.contact_id, r.due_at, r.ends_at, r.opens_at, r.attempts, r.unanswered, r.first_attempt_at, r.code
            """;

    private final Connections connections;
    private final Outbox outbox;
    private final DomainClock clock;
    private final TimeOrderedIds ids;
    private final ReminderMetrics metrics;
    private final OperatorConcerns concerns;

    Reminders(
            Connections connections,
            Outbox outbox,
            DomainClock clock,
            TimeOrderedIds ids,
            ReminderMetrics metrics,
            OperatorConcerns concerns) {
        this.concerns = concerns;
        this.connections = connections;
        this.outbox = outbox;
        this.clock = clock;
        this.ids = ids;
        this.metrics = metrics;
    }

    /**
     * Adds reminders, of connections that the caller has locked; one that exists already under the same plan, in whatever
     * state, is left as it is. What a reinstatement has undone is not added.
     */
    public Uni<Void> plan(SqlConnection transaction, Collection<PlannedReminder> planned) {
        if (planned.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        List<PlannedReminder> rows = List.copyOf(planned);
        Tuple columns = Tuple.tuple()
                .addValue(rows.stream().map(row -> ids.next()).toArray(UUID[]::new))
                .addValue(rows.stream().map(row -> row.about().connectionId()).toArray(UUID[]::new))
                .addValue(rows.stream().map(row -> row.about().tenantId()).toArray(String[]::new))
                .addValue(rows.stream().map(row -> row.about().generation()).toArray(Integer[]::new))
                .addValue(rows.stream().map(row -> row.kind().name()).toArray(String[]::new))
                .addValue(rows.stream().map(PlannedReminder::stage).toArray(Integer[]::new))
                .addValue(rows.stream().map(PlannedReminder::ordersCaughtUp).toArray(Integer[]::new))
                .addValue(rows.stream().map(row -> utc(row.dueAt())).toArray(OffsetDateTime[]::new))
                .addValue(utc(clock.instant()))
                .addValue(rows.stream()
                        .map(row -> row.endsAt() == null ? null : utc(row.endsAt()))
                        .toArray(OffsetDateTime[]::new))
                .addValue(names(OF_A_PLAN))
                .addValue(names(SAY_IT_IS_DEAD))
                .addValue((int) SendPolicy.NEW_PLAN.toHours());
        return transaction
                .preparedQuery(PLAN)
                .execute(columns)
                .chain(added -> concerns.add(
                        transaction,
                        StreamSupport.stream(added.spliterator(), false)
                                .map(Concern::of)
                                .filter(concern ->
                                        Escalation.toOperators(ReminderKind.valueOf(concern.kind()), concern.stage()))
                                .toList()));
    }

    /**
     * Suppresses waiting reminders that the rows of their connections contradict, with an event for each.
     *
     * @param seen the connections to look at, locked
     */
    public Uni<Void> suppressUnwanted(SqlConnection transaction, Collection<UUID> seen) {
        Instant now = clock.instant();
        Tuple arguments = Tuple.tuple()
                .addValue(seen.toArray(UUID[]::new))
                .addValue(names(SAY_IT_IS_DEAD))
                .addValue(utc(now));
        return transaction.preparedQuery(SUPPRESS).execute(arguments).chain(rows -> {
            Map<ClaimedReminder, Outcome> suppressed = new LinkedHashMap<>();
            for (Row row : rows) {
                suppressed.put(
                        ClaimedReminder.of(row), new Outcome.Suppressed(Suppression.valueOf(row.getString("code"))));
            }
            return publish(transaction, suppressed, now);
        });
    }

    private Uni<Void> publish(SqlConnection transaction, Map<ClaimedReminder, Outcome> suppressed, Instant now) {
        if (suppressed.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        suppressed.forEach(metrics::finished);
        Map<UUID, Integer> counts = suppressed.keySet().stream()
                .collect(Collectors.toMap(ClaimedReminder::connectionId, reminder -> 1, Integer::sum));
        Uni<Map<UUID, ConnectionRow>> locked = connections.takeSequences(transaction, counts);
        return locked.chain(rows -> ReminderEvents.append(outbox, transaction, rows, suppressed, now));
    }

    private static String[] names(Set<ReminderKind> kinds) {
        return kinds.stream().map(Enum::name).toArray(String[]::new);
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
