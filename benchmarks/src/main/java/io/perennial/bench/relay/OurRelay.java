package io.perennial.bench.relay;

import io.perennial.bench.lab.AuthService;
import io.perennial.bench.lab.Lab;
import io.perennial.outbox.MeasuredRelay;

/** Ours: the relay of the services. */
record OurRelay(MeasuredRelay relay) implements Relaying {
    static OurRelay start(Lab lab, OutboxRows rows) {
        return new OurRelay(MeasuredRelay.start(
                lab.vertx(),
                AuthService.POOL,
                lab.reactiveUrl(rows.database()),
                rows.database(),
                lab.password(),
                lab.kafka().bootstrapServers()));
    }

    @Override
    public void wake() {
        relay.wake();
    }

    @Override
    public long relayed() {
        return relay.published();
    }

    @Override
    public void close() {
        relay.close();
    }
}
