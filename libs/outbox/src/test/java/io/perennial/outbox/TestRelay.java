package io.perennial.outbox;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.perennial.testsupport.TestDatabase;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A relay with everything that its process would have of its own. */
final class TestRelay implements AutoCloseable {
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final Backlog backlog;
    private final Vertx vertx = Vertx.vertx();
    private final Wakeups wakeups = new Wakeups();
    private final Relay relay;

    private TestRelay(TestDatabase database, Options options) {
        backlog = new Backlog(options.cap, meters);
        Map<String, String> producer = new HashMap<>(options.producer);
        producer.put("bootstrap.servers", options.bootstrapServers);
        RelaySettings settings = new RelaySettings(
                options.service,
                options.name,
                options.enabled,
                4,
                options.batchSize,
                options.poll,
                options.lease,
                Duration.ofSeconds(1),
                options.patience,
                producer);
        relay = new Relay(RelayParts.of(settings, pool(database), wakeups, backlog, meters, options.observer)
                .rendering(options.renderings));
        relay.start();
    }

    static Options on(String bootstrapServers) {
        return new Options(bootstrapServers);
    }

    double count(String counter) {
        return meters.get(counter).counter().count();
    }

    /** What a service does after its commit. */
    void wake() {
        wakeups.wake();
    }

    int groups() {
        return (int) meters.get("perennial.outbox.groups").gauge().value();
    }

    @Override
    public void close() throws InterruptedException {
        relay.stop();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private Pool pool(TestDatabase database) {
        PgConnectOptions connect = PgConnectOptions.fromUri(database.reactiveUrl())
                .setUser(database.user())
                .setPassword(database.password());
        return Pool.newInstance(PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(6))
                .connectingTo(connect)
                .using(vertx)
                .build());
    }

    static final class Options {
        private final String bootstrapServers;
        private String service = "test-" + UUID.randomUUID();
        private String name = UUID.randomUUID().toString();
        private boolean enabled = true;
        private int batchSize = 100;
        private int cap = 100_000;
        private Duration poll = Duration.ofMillis(50);
        private Duration lease = Duration.ofSeconds(1);
        private Duration patience = Duration.ofMinutes(15);
        private Map<String, String> producer = Map.of();
        private RelayStep.Observer observer = RelayStep.Observer.NONE;
        private List<Rendering> renderings = List.of();

        private Options(String bootstrapServers) {
            this.bootstrapServers = bootstrapServers;
        }

        Options service(String service) {
            this.service = service;
            return this;
        }

        Options name(String name) {
            this.name = name;
            return this;
        }

        Options disabled() {
            this.enabled = false;
            return this;
        }

        Options batchSize(int batchSize) {
            this.batchSize = batchSize;
            return this;
        }

        Options cap(int cap) {
            this.cap = cap;
            return this;
        }

        Options lease(Duration lease) {
            this.lease = lease;
            return this;
        }

        Options poll(Duration poll) {
            this.poll = poll;
            return this;
        }

        Options patience(Duration patience) {
            this.patience = patience;
            return this;
        }

        Options producer(Map<String, String> producer) {
            this.producer = producer;
            return this;
        }

        Options observer(RelayStep.Observer observer) {
            this.observer = observer;
            return this;
        }

        Options rendering(Rendering rendering) {
            this.renderings = List.of(rendering);
            return this;
        }

        TestRelay start(TestDatabase database) {
            return new TestRelay(database, this);
        }
    }
}
