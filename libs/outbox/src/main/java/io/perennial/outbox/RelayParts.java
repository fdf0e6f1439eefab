package io.perennial.outbox;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.mutiny.sqlclient.Pool;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a relay and its publishers share. */
record RelayParts(
        RelaySettings settings,
        WaitingRows rows,
        Leases leases,
        Producers producers,
        RelayMetrics metrics,
        Wakeups wakeups,
        ReplicaHints hints,
        Backlog backlog,
        RelayStep.Observer steps,
        Map<String, Rendering> renderings) {

    static RelayParts of(
            RelaySettings settings,
            Pool pool,
            Wakeups wakeups,
            Backlog backlog,
            MeterRegistry meters,
            RelayStep.Observer steps) {
        Database database = new Database(pool);
        ReplicaHints hints = new ReplicaHints(pool, settings.relay(), wakeups);
        wakeups.passOnTo(hints::send);
        return new RelayParts(
                settings,
                new WaitingRows(database, settings.batchSize()),
                new Leases(database, settings.relay(), settings.slotGroups(), settings.leaseDuration()),
                new Producers(settings),
                new RelayMetrics(meters),
                wakeups,
                hints,
                backlog,
                steps,
                Map.of());
    }

    /** With what the service makes of rows of values. */
    RelayParts rendering(Collection<Rendering> known) {
        Map<String, Rendering> byName =
                known.stream().collect(Collectors.toUnmodifiableMap(Rendering::name, Function.identity()));
        return new RelayParts(settings, rows, leases, producers, metrics, wakeups, hints, backlog, steps, byName);
    }
}
