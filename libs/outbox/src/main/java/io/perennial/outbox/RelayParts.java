package io.perennial.outbox;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.mutiny.sqlclient.Pool;

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
        RelayStep.Observer steps) {

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
                steps);
    }
}
