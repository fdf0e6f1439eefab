package io.perennial.notify.operator;

import io.perennial.clock.DomainClock;
import io.perennial.clock.TimeOrderedIds;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.PlatformEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

/** What events of the platform ask for: a mail to each operator. Always in the caller's transaction. */
@Singleton
public class OperatorMails {
    private static final String PLAN =
            """
            insert into operator_mail (id, event_id, place, kind, subject, body, state, next_attempt_at, created_at)
            select id, event_id, place, kind, subject, body, 'PENDING', $7, $7
            from unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::text[], $6::text[])
                 as p(id, event_id, place, kind, subject, body)
            on conflict on constraint operator_mail_once do nothing
            """;

    private final Operators operators;
    private final DomainClock clock;
    private final TimeOrderedIds ids;

    OperatorMails(Operators operators, DomainClock clock, TimeOrderedIds ids) {
        this.operators = operators;
        this.clock = clock;
        this.ids = ids;
    }

    private record Planned(UUID event, int place, String kind, OperatorWords words) {}

    /** Adds a mail for each event and address; news from before the installation could tell it are left alone. */
    public Uni<Void> plan(SqlConnection transaction, List<EventEnvelope> events) {
        Instant now = clock.instant();
        List<Planned> planned = events.stream()
                .filter(event -> OperatorWords.isNews(event, now))
                .flatMap(event -> operators.places().stream()
                        .map(place -> new Planned(
                                event.id(),
                                place,
                                event.type().name(),
                                OperatorWords.of((PlatformEvent) event.data(), now))))
                .toList();
        return planned.isEmpty() ? Uni.createFrom().voidItem() : insert(transaction, planned, now);
    }

    /** Adds a mail for each address about something that has no event of its own. */
    Uni<Void> plan(SqlConnection transaction, UUID occasion, String kind, OperatorWords words) {
        List<Planned> planned = operators.places().stream()
                .map(place -> new Planned(occasion, place, kind, words))
                .toList();
        return planned.isEmpty() ? Uni.createFrom().voidItem() : insert(transaction, planned, clock.instant());
    }

    private Uni<Void> insert(SqlConnection transaction, List<Planned> planned, Instant now) {
        Tuple columns = Tuple.tuple()
                .addValue(planned.stream().map(mail -> ids.next()).toArray(UUID[]::new))
                .addValue(planned.stream().map(Planned::event).toArray(UUID[]::new))
                .addValue(planned.stream().map(Planned::place).toArray(Integer[]::new))
                .addValue(planned.stream().map(Planned::kind).toArray(String[]::new))
                .addValue(planned.stream().map(mail -> mail.words().subject()).toArray(String[]::new))
                .addValue(planned.stream().map(mail -> mail.words().body()).toArray(String[]::new))
                .addValue(OffsetDateTime.ofInstant(now, ZoneOffset.UTC));
        return transaction.preparedQuery(PLAN).execute(columns).replaceWithVoid();
    }
}
