package io.perennial.notify.reminder;

import io.perennial.clock.DomainClock;
import io.perennial.notify.connection.Connections;
import io.perennial.outbox.Outbox;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * The rows that deliveries work on. Every change of a claimed row names the claim, so that a delivery that lost its lease
 * changes nothing.
 */
@Singleton
class ReminderStore {
    private static final String CLAIM =
            """
            with due as (
                select id from reminder
                where state = 'PENDING' and next_attempt_at <= $1
                order by next_attempt_at, id
                limit $2
                for update skip locked
            )
            update reminder r
            set state = 'SENDING', claim = $3, contact_id = null,
                lease_until = clock_timestamp() + make_interval(secs => $4)
            from due
            where r.id = due.id
            returning\s"""
                    + columnsOf("r");

    private static final String INTEND =
            """
            update reminder r
            set contact_id = intent.contact_id, attempts = r.attempts + 1,
                first_attempt_at = coalesce(r.first_attempt_at, $4),
                lease_until = clock_timestamp() + make_interval(secs => $5)
            from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as intent(id, claim, contact_id)
            where r.id = intent.id and r.claim = intent.claim and r.lease_until > clock_timestamp()
            returning r.id
            """;

    private static final String RETURN =
            """
            update reminder r
            set state = 'PENDING', claim = null, lease_until = null, contact_id = null,
                next_attempt_at = back.next_attempt_at, unanswered = back.unanswered, code = back.code
            from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::int[], $5::text[])
                 as back(id, claim, next_attempt_at, unanswered, code)
            where r.id = back.id and r.claim = back.claim
            """;

    private static final String RECLAIM_UNSENT =
            """
            update reminder
            set state = 'PENDING', claim = null, lease_until = null
            where state = 'SENDING' and lease_until < clock_timestamp() and contact_id is null
            """;

    private static final String ABANDONED =
            """
            select %s from reminder r
            where state = 'SENDING' and lease_until < clock_timestamp() and contact_id is not null
            order by lease_until
            limit 100
            """
                    .formatted(columnsOf("r"));

    private static final String FINISH =
            """
            update reminder r
            set state = done.state, code = done.code, contact_id = done.contact_id, finished_at = $6,
                claim = null, lease_until = null
            from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[])
                 as done(id, claim, state, code, contact_id)
            where r.id = done.id and r.claim = done.claim
            returning r.id
            """;

    private static final String OLDEST =
            "select next_attempt_at from reminder where state = 'PENDING' order by next_attempt_at, id limit 1";

    private final Pool pool;
    private final Connections connections;
    private final Outbox outbox;
    private final DomainClock clock;

    ReminderStore(Pool pool, Connections connections, Outbox outbox, DomainClock clock) {
        this.pool = pool;
        this.connections = connections;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** Claims what is due, longest waiting first. */
    Uni<List<ClaimedReminder>> claim(int limit, Duration claim) {
        Tuple arguments = Tuple.of(utc(clock.instant()), limit, UUID.randomUUID(), (double) claim.toSeconds());
        return pool.preparedQuery(CLAIM).execute(arguments).map(rows -> list(rows, ClaimedReminder::of));
    }

    /**
     * Commits that these mails are about to leave.
     *
     * @return the ids that the claim still holds; the others must not be sent
     */
    Uni<Set<UUID>> intend(Map<ClaimedReminder, UUID> contacts, Duration lease) {
        List<ClaimedReminder> reminders = List.copyOf(contacts.keySet());
        Tuple arguments = Tuple.tuple()
                .addValue(reminders.stream().map(ClaimedReminder::id).toArray(UUID[]::new))
                .addValue(reminders.stream().map(ClaimedReminder::claim).toArray(UUID[]::new))
                .addValue(reminders.stream().map(contacts::get).toArray(UUID[]::new))
                .addValue(utc(clock.instant()))
                .addValue((double) lease.toSeconds());
        return pool.preparedQuery(INTEND)
                .execute(arguments)
                .map(rows -> new HashSet<>(list(rows, row -> row.getUUID("id"))));
    }

    /** Gives claimed reminders back; they surely were not sent. */
    Uni<Void> giveBack(Collection<Return> returns) {
        if (returns.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Tuple arguments = Tuple.tuple()
                .addValue(returns.stream().map(r -> r.reminder().id()).toArray(UUID[]::new))
                .addValue(returns.stream().map(r -> r.reminder().claim()).toArray(UUID[]::new))
                .addValue(returns.stream().map(r -> utc(r.nextAttemptAt())).toArray(OffsetDateTime[]::new))
                .addValue(returns.stream().map(Return::unanswered).toArray(Integer[]::new))
                .addValue(returns.stream().map(Return::code).toArray(String[]::new));
        return pool.preparedQuery(RETURN).execute(arguments).replaceWithVoid();
    }

    /** Writes results with their events; what lost its claim meanwhile is left alone. */
    Uni<Integer> finish(Map<ClaimedReminder, Outcome> outcomes) {
        if (outcomes.isEmpty()) {
            return Uni.createFrom().item(0);
        }
        return pool.withTransaction(transaction -> finish(transaction, outcomes))
                .invoke(outbox::wake);
    }

    private Uni<Integer> finish(SqlConnection transaction, Map<ClaimedReminder, Outcome> outcomes) {
        Instant now = clock.instant();
        // The connection's row first, as everywhere: it orders the events.
        return connections
                .takeSequences(transaction, countByConnection(outcomes.keySet()))
                .chain(locked -> markFinished(transaction, outcomes, now)
                        .chain(finished -> ReminderEvents.append(outbox, transaction, locked, finished, now)
                                .replaceWith(finished.size())));
    }

    private static Map<UUID, Integer> countByConnection(Collection<ClaimedReminder> reminders) {
        return reminders.stream().collect(Collectors.toMap(ClaimedReminder::connectionId, reminder -> 1, Integer::sum));
    }

    private static Uni<Map<ClaimedReminder, Outcome>> markFinished(
            SqlConnection transaction, Map<ClaimedReminder, Outcome> outcomes, Instant now) {
        List<ClaimedReminder> reminders = List.copyOf(outcomes.keySet());
        List<Outcome> ends = new ArrayList<>(outcomes.values());
        Tuple arguments = Tuple.tuple()
                .addValue(reminders.stream().map(ClaimedReminder::id).toArray(UUID[]::new))
                .addValue(reminders.stream().map(ClaimedReminder::claim).toArray(UUID[]::new))
                .addValue(ends.stream().map(end -> end.state().name()).toArray(String[]::new))
                .addValue(ends.stream().map(Outcome::code).toArray(String[]::new))
                .addValue(ends.stream().map(Outcome::contactId).toArray(UUID[]::new))
                .addValue(utc(now));
        return transaction.preparedQuery(FINISH).execute(arguments).map(rows -> {
            Set<UUID> finished = new HashSet<>(list(rows, row -> row.getUUID("id")));
            Map<ClaimedReminder, Outcome> written = new LinkedHashMap<>(outcomes);
            written.keySet().removeIf(reminder -> !finished.contains(reminder.id()));
            return written;
        });
    }

    /** Takes back what a dead delivery had claimed and not yet begun to send. */
    Uni<Integer> reclaimUnsent() {
        return pool.query(RECLAIM_UNSENT).execute().map(RowSet::rowCount);
    }

    /** What a dead delivery had begun to send. */
    Uni<List<ClaimedReminder>> abandoned() {
        return pool.query(ABANDONED).execute().map(rows -> list(rows, ClaimedReminder::of));
    }

    /** How long the reminder that is due longest has been due; zero when none is. */
    Uni<Duration> oldestWaiting() {
        return pool.query(OLDEST)
                .execute()
                .map(rows -> list(rows, row -> row.getOffsetDateTime(0).toInstant()).stream()
                        .findFirst()
                        .map(due -> Duration.between(due, clock.instant()))
                        .filter(waiting -> !waiting.isNegative())
                        .orElse(Duration.ZERO));
    }

    private static String columnsOf(String alias) {
        return ClaimedReminder.COLUMNS.replaceAll("(\\w+)", alias + ".$1");
    }

    private static <T> List<T> list(RowSet<Row> rows, Function<Row, T> of) {
        return StreamSupport.stream(rows.spliterator(), false).map(of).toList();
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    /** A reminder that goes back to waiting. */
    record Return(ClaimedReminder reminder, Instant nextAttemptAt, int unanswered, String code) {}
}
