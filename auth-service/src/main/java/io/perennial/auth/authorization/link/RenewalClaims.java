package io.perennial.auth.authorization.link;

import io.perennial.auth.audit.AuditKind;
import io.perennial.auth.audit.AuditLine;
import io.perennial.auth.audit.AuditTrail;
import io.perennial.auth.authorization.link.ConsentLinks.Target;
import io.perennial.clock.DomainClock;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What merchants said on the landing page: "I have already renewed". Anybody with the link may say so, so it proves nothing
 * and changes no state: the provider is asked, an operator may compare the date, and reminders that were open are dropped.
 */
@ApplicationScoped
public class RenewalClaims {
    /** Each one costs a probe, of which an application has a budget. */
    private static final Duration PAUSE = Duration.ofHours(1);

    private static final String NOTE =
            """
            insert into renewal_claim as c (connection_id, generation, claimed_at, shown_end) values ($1, $2, $3, $4)
            on conflict (connection_id, generation) do update
                set claimed_at = excluded.claimed_at, shown_end = coalesce(excluded.shown_end, c.shown_end)
                where c.claimed_at <= $5
            """;

    private static final String FIND =
            """
            select connection_id, generation, claimed_at from renewal_claim
            join unnest($1::uuid[], $2::int[]) as wanted(connection_id, generation) using (connection_id, generation)
            """;

    private final Pool pool;
    private final AuditTrail audit;
    private final DomainClock clock;

    RenewalClaims(Pool pool, AuditTrail audit, DomainClock clock) {
        this.pool = pool;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * Notes that it was said of a grant, with a line in the audit trail.
     *
     * @param shownEnd the end that the provider's page is said to show
     * @return false when it was said a short while ago: then nothing is noted, and nobody needs to ask the provider
     */
    public Uni<Boolean> note(String tenantId, Target grant, @Nullable LocalDate shownEnd) {
        return pool.withTransaction(transaction -> note(transaction, tenantId, grant, shownEnd));
    }

    private Uni<Boolean> note(SqlConnection transaction, String tenantId, Target grant, @Nullable LocalDate shownEnd) {
        Instant now = clock.instant();
        Tuple arguments = Tuple.tuple()
                .addValue(grant.connectionId())
                .addValue(grant.generation())
                .addValue(utc(now))
                .addValue(shownEnd)
                .addValue(utc(now.minus(PAUSE)));
        AuditLine line = AuditLine.about(
                        AuditKind.RENEWAL_CLAIMED, tenantId, grant.connectionId(), grant.generation(), "merchant", now)
                .because(shownEnd == null ? null : "end shown: " + shownEnd);
        return transaction
                .preparedQuery(NOTE)
                .execute(arguments)
                .chain(noted -> noted.rowCount() == 0
                        ? Uni.createFrom().item(false)
                        : audit.addAll(transaction, List.of(line)).replaceWith(true));
    }

    /** When it was last said, of those grants of which it was. */
    Uni<Map<Target, Instant>> of(Collection<Target> grants) {
        Tuple arguments = Tuple.of(
                grants.stream().map(Target::connectionId).toArray(UUID[]::new),
                grants.stream().map(Target::generation).toArray(Integer[]::new));
        return pool.preparedQuery(FIND).execute(arguments).map(rows -> {
            Map<Target, Instant> claimed = new HashMap<>();
            for (Row row : rows) {
                claimed.put(
                        new Target(row.getUUID("connection_id"), row.getInteger("generation")),
                        row.getOffsetDateTime("claimed_at").toInstant());
            }
            return claimed;
        });
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
