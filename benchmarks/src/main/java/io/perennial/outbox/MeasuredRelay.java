package io.perennial.outbox;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.perennial.launcher.LauncherException;
import io.perennial.launcher.process.Waiting;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * The relay of the services with its defaults, in the process of the benchmark. In its package, because running one without
 * a service is nobody else's business.
 */
public final class MeasuredRelay implements AutoCloseable {
    /** As the relay's defaults are. */
    public static final int BATCH = 1_000;

    static final int SLOT_GROUPS = 4;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Wakeups wakeups = new Wakeups();
    private final Pool pool;
    private final Relay relay;

    private MeasuredRelay(Pool pool, RelaySettings settings) {
        this.pool = pool;
        this.relay = new Relay(
                RelayParts.of(settings, pool, wakeups, new Backlog(200_000, meters), meters, RelayStep.Observer.NONE));
    }

    /**
     * Starts a relay, alone on its database; returns when it owns everything.
     *
     * @param url for the Vert.x client
     */
    public static MeasuredRelay start(
            Vertx vertx, int connections, String url, String user, String password, String bootstrapServers) {
        PgConnectOptions connect = PgConnectOptions.fromUri(url)
                .setUser(user)
                .setPassword(password)
                .setCachePreparedStatements(true);
        Pool pool = Pool.newInstance(PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(connections))
                .connectingTo(connect)
                .using(vertx)
                .build());
        MeasuredRelay measured = new MeasuredRelay(pool, settings(bootstrapServers));
        measured.relay.start();
        if (!Waiting.until(PATIENCE, () -> measured.gauge("perennial.outbox.groups") == SLOT_GROUPS)) {
            throw new LauncherException("the relay does not get its groups");
        }
        return measured;
    }

    private static RelaySettings settings(String bootstrapServers) {
        return new RelaySettings(
                "bench",
                "bench",
                true,
                SLOT_GROUPS,
                BATCH,
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofMinutes(15),
                Map.of("bootstrap.servers", bootstrapServers));
    }

    /** A transactional producer with the relay's settings; nothing else may use that number. */
    public static KafkaProducer<byte[], byte[]> producer(String bootstrapServers, int number) {
        return new Producers(settings(bootstrapServers)).open(number);
    }

    /** The statements that make the tables. */
    public static String tables() {
        return Stream.of(
                        "V202601010001__create_outbox",
                        "V202611260800__tell_who_renders",
                        "V202611301100__keep_rows_of_a_slot_together")
                .map(name -> script("/db/migration/outbox/" + name + ".sql"))
                .collect(Collectors.joining("\n"));
    }

    private static String script(String script) {
        try (InputStream in = Objects.requireNonNull(Relay.class.getResourceAsStream(script), script)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(script, e);
        }
    }

    /** What a service does after its commit. */
    public void wake() {
        wakeups.wake();
    }

    /** How many rows Kafka has committed. */
    public long published() {
        return (long) meters.get("perennial.outbox.published").counter().count();
    }

    private int gauge(String name) {
        return (int) meters.get(name).gauge().value();
    }

    @Override
    public void close() {
        try {
            relay.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        pool.close().await().atMost(PATIENCE);
    }
}
