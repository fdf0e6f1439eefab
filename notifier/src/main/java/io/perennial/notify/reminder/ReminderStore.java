package io.perennial.notify.reminder;

import io.perennial.clock.DomainClock;
import io.perennial.clock.TimeOrderedIds;
import io.perennial.notify.connection.Connections;
import io.perennial.notify.operator.Concern;
import io.perennial.notify.operator.OperatorConcerns;
import io.perennial.notify.suppression.Suppressions;
import io.perennial.outbox.Outbox;
import io.smallrye.mutiny.Multi;
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
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The rows that deliveries work on. Every change of a claimed row names the claim, so that a delivery that lost its lease
 * changes nothing.
 */
@Singleton
class ReminderStore {
    /** Class of the advisory locks that keep a mailbox's waiting reminders in one hand. */
    private static final int MAILBOX_LOCKS = 7_310_021;

    /**
     * Takes what is due longest, and with each mailbox all that is due for it, as far as that many fit in one claim.
     * Another delivery that looks at the same time passes over a mailbox whose lock is taken; one that gets the lock
     * later sees by the repeated conditions what was claimed meanwhile.
     */
    private static final String CLAIM =
            """
            with due as materialized (
                select id, mailbox from reminder
                where state = 'PENDING' and next_attempt_at <= $1 and tenant_id <> all ($6)
                order by next_attempt_at, id
                limit $2
            ), boxes as materialized (
                select mailbox from (select distinct mailbox from due where mailbox is not null) as named
                where pg_try_advisory_xact_lock(%d, hashtext(mailbox::text))
            ), companions as materialized (
                select r.id, row_number() over (order by r.mailbox, r.next_attempt_at, r.id) as place,
                       dense_rank() over (order by r.mailbox) as box,
                       count(*) over (order by r.mailbox range unbounded preceding) as upto
                from boxes join reminder r using (mailbox)
                where r.state = 'PENDING' and r.next_attempt_at <= $1
            ), chosen as materialized (
                select id from due where mailbox is null
                union all
                select id from companions where place <= $5 and (box = 1 or upto <= $5)
            ), wanted as (
                select id from reminder
                where id = any (array(select id from chosen)) and state = 'PENDING' and next_attempt_at <= $1
                for update skip locked
            )
            update reminder r
            set state = 'SENDING', claim = $3, contact_id = null,
                lease_until = clock_timestamp() + make_interval(secs => $4)
            from wanted
            where r.id = wanted.id
            returning %s
            """
                    .formatted(MAILBOX_LOCKS, columnsOf("r"));

    private static final String ADDRESS =
            """
            with addressed as (
                update reminder r
                set state = 'PENDING', claim = null, lease_until = null, contact_id = null, unanswered = 0, code = null,
                    mailbox = a.mailbox, opens_at = a.opens_at, next_attempt_at = a.opens_at
                from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::uuid[], $6::uuid[])
                     as a(id, claim, mailbox, opens_at, second_id, second_mailbox)
                where r.id = a.id and r.claim = a.claim
                returning r.*, a.second_id, a.second_mailbox
            )
            insert into reminder (id, connection_id, tenant_id, generation, kind, stage, place, life, orders_caught_up,
                                  state, mailbox, due_at, ends_at, opens_at, next_attempt_at, created_at)
            select second_id, connection_id, tenant_id, generation, kind, stage, 1, life, orders_caught_up, 'PENDING',
                   second_mailbox, due_at, ends_at, opens_at, next_attempt_at, $7
            from addressed
            where second_mailbox is not null
            on conflict on constraint reminder_once do nothing
            """;

    /** At most one row of a stage looks for a contact at a time, so nothing is missed between this and its address. */
    private static final String TAKEN =
            """
            select r.id, other.mailbox
            from reminder r join reminder other using (connection_id, generation, kind, stage, life)
            where r.id = any ($1) and other.id <> r.id and other.mailbox is not null
            """;

    /**
     * A mail of the same stage for the next contact, unless another one has it or gets it. Who asked for the link by hand
     * sees that it failed, and asks again.
     */
    private static final String STEP_IN =
            """
            insert into reminder (id, connection_id, tenant_id, generation, kind, stage, place, life, orders_caught_up,
                                  state, due_at, ends_at, next_attempt_at, created_at)
            select bounced.new_id, r.connection_id, r.tenant_id, r.generation, r.kind, r.stage, stage.last_place + 1,
                   r.life, r.orders_caught_up, 'PENDING', r.due_at, r.ends_at, $3, $3
            from unnest($1::uuid[], $2::uuid[]) as bounced(id, new_id)
            join reminder r using (id)
            cross join lateral (
                select greatest(max(s.place), 1) as last_place, bool_and(s.state in ('FAILED', 'SUPPRESSED')) as is_over
                from reminder s
                where s.connection_id = r.connection_id and s.generation = r.generation and s.kind = r.kind
                  and s.stage = r.stage and s.life = r.life) as stage
            where r.kind <> 'LINK' and stage.is_over
            on conflict on constraint reminder_once do nothing
            """;

    private static final String FORGET_RECIPIENT =
            """
            update reminder r
            set state = 'PENDING', claim = null, lease_until = null, contact_id = null, mailbox = null
            from unnest($1::uuid[], $2::uuid[]) as back(id, claim)
            where r.id = back.id and r.claim = back.claim
            """;

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

    /** RFC 5321 4.2.3: what a server says of a mailbox that it will not take mail for just now. */
    private static final String PUT_OFF_CODES = "'SMTP_450', 'SMTP_451', 'SMTP_452'";

    /** A mail that goes back unsent keeps the answer of its mailbox: one that was put off is not late by a fault of ours. */
    private static final String RETURN =
            """
            update reminder r
            set state = 'PENDING', claim = null, lease_until = null, contact_id = null,
                next_attempt_at = coalesce(back.next_attempt_at, r.next_attempt_at), unanswered = back.unanswered,
                code = case when r.code in (%s) and back.code in ('PACED', 'NO_LINKS', 'RELEASED') then r.code else back.code end
            from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::int[], $5::text[])
                 as back(id, claim, next_attempt_at, unanswered, code)
            where r.id = back.id and r.claim = back.claim
            """
                    .formatted(PUT_OFF_CODES);

    private static final String END_FORMER_LIVES =
            """
            update reminder
            set lease_until = clock_timestamp()
            where state = 'SENDING' and lease_until > clock_timestamp()
              and claim between $1 and $2 and claim not between $3 and $4
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
            """
            select greatest(due_at, opens_at) from reminder
            where state in ('PENDING', 'SENDING') and coalesce(code, '') not in (%1$s)
            order by greatest(due_at, opens_at) limit 1
            """
                    .formatted(PUT_OFF_CODES);

    private static final String COUNT_PUT_OFF =
            "select count(*)::int from reminder where state = 'PENDING' and code in (%s)".formatted(PUT_OFF_CODES);

    private final Pool pool;
    private final Connections connections;
    private final Outbox outbox;
    private final Suppressions suppressions;
    private final OperatorConcerns concerns;
    private final DomainClock clock;
    private final TimeOrderedIds ids;
    private final Claims claims;

    ReminderStore(
            Pool pool,
            Connections connections,
            Outbox outbox,
            Suppressions suppressions,
            OperatorConcerns concerns,
            DomainClock clock,
            TimeOrderedIds ids,
            Claims claims) {
        this.pool = pool;
        this.connections = connections;
        this.outbox = outbox;
        this.suppressions = suppressions;
        this.concerns = concerns;
        this.clock = clock;
        this.ids = ids;
        this.claims = claims;
    }

    /**
     * Claims what is due, longest waiting first, and with it what else is due for the same mailboxes.
     *
     * @param companions at most so many that are addressed
     * @param passedOver tenants of whom nothing is claimed; looking past theirs costs as much as they are many
     */
    Uni<List<ClaimedReminder>> claim(int limit, int companions, Duration claim, Set<String> passedOver) {
        Tuple arguments = Tuple.of(
                utc(clock.instant()),
                limit,
                claims.next(),
                (double) claim.toSeconds(),
                companions,
                passedOver.toArray(String[]::new));
        return pool.preparedQuery(CLAIM).execute(arguments).map(rows -> list(rows, ClaimedReminder::of).stream()
                .sorted(Comparator.comparing(ClaimedReminder::openSince).thenComparing(ClaimedReminder::id))
                .toList());
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

    /** Writes down whom claimed reminders go to and from when on, and gives them back; seconds get rows of their own. */
    Uni<Void> address(Collection<Address> addresses) {
        if (addresses.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Tuple arguments = Tuple.tuple()
                .addValue(addresses.stream().map(a -> a.reminder().id()).toArray(UUID[]::new))
                .addValue(addresses.stream().map(a -> a.reminder().claim()).toArray(UUID[]::new))
                .addValue(addresses.stream().map(Address::mailbox).toArray(UUID[]::new))
                .addValue(addresses.stream().map(a -> utc(a.opensAt())).toArray(OffsetDateTime[]::new))
                .addValue(addresses.stream()
                        .map(a -> a.second() == null ? null : ids.next())
                        .toArray(UUID[]::new))
                .addValue(addresses.stream().map(Address::second).toArray(UUID[]::new))
                .addValue(utc(clock.instant()));
        return pool.preparedQuery(ADDRESS).execute(arguments).replaceWithVoid();
    }

    /** The mailboxes that have a mail of the same stage already, for those of the reminders that are addressed anew. */
    Uni<Map<UUID, Set<UUID>>> taken(Collection<ClaimedReminder> reminders) {
        UUID[] anew = reminders.stream()
                .filter(ClaimedReminder::isAddressedAnew)
                .map(ClaimedReminder::id)
                .toArray(UUID[]::new);
        if (anew.length == 0) {
            return Uni.createFrom().item(Map.of());
        }
        return pool.preparedQuery(TAKEN).execute(Tuple.tuple().addValue(anew)).map(ReminderStore::mailboxesById);
    }

    private static Map<UUID, Set<UUID>> mailboxesById(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .collect(Collectors.groupingBy(
                        row -> row.getUUID("id"),
                        Collectors.mapping(row -> row.getUUID("mailbox"), Collectors.toSet())));
    }

    /** Gives claimed reminders back whose recipient is none any more: they are addressed anew. */
    Uni<Void> forgetRecipients(Collection<ClaimedReminder> reminders) {
        if (reminders.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Tuple arguments = Tuple.of(
                reminders.stream().map(ClaimedReminder::id).toArray(UUID[]::new),
                reminders.stream().map(ClaimedReminder::claim).toArray(UUID[]::new));
        return pool.preparedQuery(FORGET_RECIPIENT).execute(arguments).replaceWithVoid();
    }

    /** Gives claimed reminders back; they surely were not sent. */
    Uni<Void> giveBack(Collection<Return> returns) {
        if (returns.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Tuple arguments = Tuple.tuple()
                .addValue(returns.stream().map(r -> r.reminder().id()).toArray(UUID[]::new))
                .addValue(returns.stream().map(r -> r.reminder().claim()).toArray(UUID[]::new))
                .addValue(returns.stream().map(Return::next).toArray(OffsetDateTime[]::new))
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
                        .call(finished -> drawConclusions(transaction, finished, now))
                        .chain(finished -> ReminderEvents.append(outbox, transaction, locked, finished, now)
                                .replaceWith(finished.size())));
    }

    /**
     * A mailbox that does not exist is not tried again, and the next contact steps in; a connection that nobody hears of is
     * told to operators.
     */
    private Uni<Void> drawConclusions(SqlConnection transaction, Map<ClaimedReminder, Outcome> finished, Instant now) {
        List<Concern> unheard = finished.entrySet().stream()
                .filter(end -> end.getValue().nobodyHears())
                .map(end -> Concern.unheard(
                        end.getKey().connectionId(), end.getKey().generation(), now))
                .distinct()
                .toList();
        Map<UUID, String> bounced = new LinkedHashMap<>();
        finished.forEach((reminder, outcome) -> outcome.bounce().ifPresent(code -> bounced.put(reminder.id(), code)));
        return concerns.add(transaction, unheard).chain(() -> Multi.createFrom()
                .iterable(bounced.entrySet())
                .onItem()
                .transformToUniAndConcatenate(end -> suppressions.bounced(transaction, end.getKey(), end.getValue()))
                .collect()
                .last()
                .chain(() -> stepIn(transaction, bounced.keySet(), now)));
    }

    private Uni<Void> stepIn(SqlConnection transaction, Set<UUID> bounced, Instant now) {
        if (bounced.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Tuple arguments = Tuple.of(
                bounced.toArray(UUID[]::new),
                bounced.stream().map(reminder -> ids.next()).toArray(UUID[]::new),
                utc(now));
        return transaction.preparedQuery(STEP_IN).execute(arguments).replaceWithVoid();
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

    /**
     * Ends the leases of former lives of this replica. Should one still live, it writes nothing any more, and what it had
     * begun to send counts as ambiguous.
     */
    Uni<Void> endFormerLives() {
        Claims.Range own = claims.ofReplica();
        Claims.Range life = claims.ofThisLife();
        return pool.preparedQuery(END_FORMER_LIVES)
                .execute(Tuple.of(own.first(), own.last(), life.first(), life.last()))
                .replaceWithVoid();
    }

    /** Takes back what a dead delivery had claimed and not yet begun to send. */
    Uni<Integer> reclaimUnsent() {
        return pool.query(RECLAIM_UNSENT).execute().map(RowSet::rowCount);
    }

    /** What a dead delivery had begun to send. */
    Uni<List<ClaimedReminder>> abandoned() {
        return pool.query(ABANDONED).execute().map(rows -> list(rows, ClaimedReminder::of));
    }

    /**
     * Since when the unfinished reminder that waits longest might have left, or will be able to. One that the mail server
     * itself put off is left out: a full mailbox is tried for days, and must not hide that nothing leaves.
     */
    Uni<Instant> oldestOpenSince() {
        return pool.query(OLDEST)
                .execute()
                .map(rows -> list(rows, row -> row.getOffsetDateTime(0).toInstant()).stream()
                        .findFirst()
                        .orElse(Instant.MAX));
    }

    /** How many reminders the mail server put off at their last attempt. */
    Uni<Integer> putOff() {
        return pool.query(COUNT_PUT_OFF)
                .execute()
                .map(rows -> rows.iterator().next().getInteger(0));
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

    /**
     * Whom a reminder goes to.
     *
     * @param opensAt before it the mail does not leave
     * @param second who gets a mail of the same stage beside; null for nobody
     */
    record Address(ClaimedReminder reminder, UUID mailbox, Instant opensAt, @Nullable UUID second) {}

    /**
     * A reminder that goes back to waiting.
     *
     * @param nextAttemptAt null to keep its place
     */
    record Return(ClaimedReminder reminder, @Nullable Instant nextAttemptAt, int unanswered, String code) {
        private @Nullable OffsetDateTime next() {
            return nextAttemptAt == null ? null : utc(nextAttemptAt);
        }
    }
}
