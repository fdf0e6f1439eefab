package io.perennial.auth.connection;

import io.perennial.auth.audit.AuditKind;
import io.perennial.auth.audit.AuditLine;
import io.perennial.auth.audit.AuditTrail;
import io.perennial.clock.DomainClock;
import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.contracts.RenewalReason;
import io.perennial.contracts.RenewalRequired;
import io.perennial.outbox.Outbox;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Tells the world that merchants are asked to authorize again. The connections stay as they are. */
@ApplicationScoped
public class RenewalRequests {
    private static final String LOCK =
            """
            with wanted as (
                select * from unnest($1::uuid[], $2::int[]) as w(id, generation)
            ), locked as (
                select c.id from connection c join wanted w on w.id = c.id order by c.id for update of c
            )
            update connection c set sequence = c.sequence + 1
              from locked, wanted w
             where c.id = locked.id and w.id = c.id and c.generation = w.generation and c.state <> 'DISCONNECTED'
            returning c.id, c.tenant_id, c.external_id, c.provider, c.region, c.generation, c.sequence
            """;

    private final Outbox outbox;
    private final AuditTrail audit;
    private final DomainClock clock;

    RenewalRequests(Outbox outbox, AuditTrail audit, DomainClock clock) {
        this.outbox = outbox;
        this.audit = audit;
        this.clock = clock;
    }

    /** The campaign that asks. */
    public record Asker(UUID campaignId, int number, RenewalReason reason) {}

    /**
     * A connection in whose name a mail is asked for.
     *
     * @param connections how many connections its link covers
     */
    public record Wanted(UUID connectionId, int generation, int connections) {}

    /** Announces, except for those whose grant was replaced meanwhile. The ids of those announced. */
    public Uni<Set<UUID>> announce(SqlConnection transaction, Asker asker, List<Wanted> wanted) {
        if (wanted.isEmpty()) {
            return Uni.createFrom().item(Set.of());
        }
        Instant now = clock.instant();
        Map<UUID, Wanted> byId =
                wanted.stream().collect(Collectors.toMap(Wanted::connectionId, Function.identity(), (a, b) -> a));
        List<Wanted> distinct = List.copyOf(byId.values());
        Tuple values = Tuple.of(
                distinct.stream().map(Wanted::connectionId).toArray(UUID[]::new),
                distinct.stream().map(Wanted::generation).toArray(Integer[]::new));
        return transaction.preparedQuery(LOCK).execute(values).chain(rows -> {
            List<EventEnvelope> events = new ArrayList<>();
            List<AuditLine> lines = new ArrayList<>();
            Set<UUID> announced = new HashSet<>();
            for (Row row : rows) {
                ConnectionRef about = about(row, now);
                Wanted one = Objects.requireNonNull(byId.get(about.connectionId()));
                announced.add(about.connectionId());
                events.add(outbox.envelope(
                        new RenewalRequired(
                                about, asker.reason(), asker.campaignId(), asker.number(), one.connections()),
                        row.getLong("sequence")));
                lines.add(AuditLine.about(
                                AuditKind.RENEWAL_REQUESTED,
                                about.tenantId(),
                                about.connectionId(),
                                about.generation(),
                                "campaign",
                                now)
                        .because(asker.reason().name()));
            }
            return outbox.append(transaction, events)
                    .chain(() -> audit.addAll(transaction, lines))
                    .replaceWith(announced);
        });
    }

    private static ConnectionRef about(Row row, Instant now) {
        return new ConnectionRef(
                row.getString("tenant_id"),
                row.getUUID("id"),
                row.getString("external_id"),
                Provider.valueOf(row.getString("provider")),
                Region.valueOf(row.getString("region")),
                row.getInteger("generation"),
                now);
    }
}
