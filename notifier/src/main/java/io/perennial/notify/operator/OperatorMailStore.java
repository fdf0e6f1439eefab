package io.perennial.notify.operator;

import io.perennial.clock.DomainClock;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The rows of mails to operators. Leases are on the machine clock, all other instants on the domain's. */
@Singleton
class OperatorMailStore {
    private static final String CLAIM =
            """
            with due as (
                select id from operator_mail
                where state = 'PENDING' and next_attempt_at <= $1
                order by next_attempt_at, id
                limit $2
                for update skip locked
            )
            update operator_mail m
            set state = 'SENDING', claim = $3, lease_until = clock_timestamp() + make_interval(secs => $4),
                attempts = m.attempts + 1, first_attempt_at = coalesce(m.first_attempt_at, $1)
            from due
            where m.id = due.id
            returning m.id, m.claim, m.place, m.kind, m.subject, m.body, m.attempts, m.first_attempt_at
            """;

    private static final String FINISH =
            """
            update operator_mail
            set state = $3, code = $4, finished_at = $5, claim = null, lease_until = null
            where id = $1 and claim = $2
            """;

    private static final String GIVE_BACK =
            """
            update operator_mail
            set state = 'PENDING', code = $3, next_attempt_at = $4, claim = null, lease_until = null
            where id = $1 and claim = $2
            """;

    private static final String ABANDON =
            """
            update operator_mail
            set state = 'AMBIGUOUS', code = 'CRASHED', finished_at = $1, claim = null, lease_until = null
            where state = 'SENDING' and lease_until < clock_timestamp()
            """;

    private final Pool pool;
    private final DomainClock clock;

    OperatorMailStore(Pool pool, DomainClock clock) {
        this.pool = pool;
        this.clock = clock;
    }

    /** Commits that these mails are about to leave. */
    Uni<List<ClaimedMail>> claim(int limit, Duration lease) {
        Tuple arguments = Tuple.of(utc(clock.instant()), limit, UUID.randomUUID(), (double) lease.toSeconds());
        return pool.preparedQuery(CLAIM).execute(arguments).map(rows -> StreamSupport.stream(rows.spliterator(), false)
                .map(ClaimedMail::of)
                .toList());
    }

    Uni<Void> finish(ClaimedMail mail, MailState state, @Nullable String code) {
        return pool.preparedQuery(FINISH)
                .execute(Tuple.of(mail.id(), mail.claim(), state.name(), code, utc(clock.instant())))
                .replaceWithVoid();
    }

    /** It surely did not leave. */
    Uni<Void> giveBack(ClaimedMail mail, String code, Duration pause) {
        return pool.preparedQuery(GIVE_BACK)
                .execute(Tuple.of(
                        mail.id(), mail.claim(), code, utc(clock.instant().plus(pause))))
                .replaceWithVoid();
    }

    /** How many a dead delivery had begun to send: nobody knows whether they left. */
    Uni<Integer> abandon() {
        return pool.preparedQuery(ABANDON)
                .execute(Tuple.of(utc(clock.instant())))
                .map(RowSet::rowCount);
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
