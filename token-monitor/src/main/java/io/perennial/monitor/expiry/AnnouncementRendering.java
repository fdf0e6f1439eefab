package io.perennial.monitor.expiry;

import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.EndsAtSource;
import io.perennial.contracts.Event;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.EventType;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.contracts.RenewalOverdue;
import io.perennial.contracts.TokenExpiring;
import io.perennial.monitor.expiry.Stage.Expiring;
import io.perennial.monitor.expiry.Stage.Overdue;
import io.perennial.outbox.Rendering;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;

/** The events that the claim statement of {@link DueConnections} leaves as bare values. */
@Singleton
class AnnouncementRendering implements Rendering {
    /** Five letters stand in the row where it had to be filled up anyway. */
    static final String NAME = "stage";

    static final String SOURCE = "/perennial/token-monitor";

    /**
     * What {@code data} holds. Last stand the names that others have given, whatever they put into them. A row may wait while a
     * service is updated: another form needs another name.
     */
    static final String VALUES =
            """
            concat_ws(E'\\t', provider, region, generation, told,
                      (extract(epoch from coalesce(ends_at, anchor_at)) * 1000000)::bigint,
                      replace(coalesce(ends_at_source, 'RULE'), 'RULE', ''), length(tenant_id), tenant_id || external_id)\
            """;

    private static final int COUNT = 8;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public EventEnvelope render(Values row) {
        String[] values = Objects.requireNonNull(row.data(), "no values").split("\t", COUNT);
        String names = values[7];
        int tenantEnds = names.offsetByCodePoints(0, Integer.parseInt(values[6]));
        ConnectionRef about = new ConnectionRef(
                names.substring(0, tenantEnds),
                UUID.fromString(row.key()),
                names.substring(tenantEnds),
                Provider.valueOf(values[0]),
                Region.valueOf(values[1]),
                Integer.parseInt(values[2]),
                row.time());
        Instant endsAt = Instant.EPOCH.plus(Long.parseLong(values[4]), ChronoUnit.MICROS);
        EndsAtSource source = values[5].isEmpty() ? EndsAtSource.RULE : EndsAtSource.valueOf(values[5]);
        Event event = event(about, Stage.ofDay(Integer.parseInt(values[3])), endsAt, source);
        return new EventEnvelope(
                row.eventId(), EventType.of(event), SOURCE, row.time(), row.sequence(), row.traceparent(), event);
    }

    private static Event event(ConnectionRef about, Stage stage, Instant endsAt, EndsAtSource source) {
        if (stage instanceof Expiring expiring) {
            int daysLeft = ExpiryPolicy.daysLeft(endsAt, about.occurredAt());
            return new TokenExpiring(about, expiring.days(), daysLeft, endsAt, source);
        }
        if (stage instanceof Overdue overdue) {
            return new RenewalOverdue(about, overdue.week(), endsAt);
        }
        throw new IllegalStateException("A stage has no event: " + stage.label());
    }
}
