package io.perennial.outbox;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.Config;

/** Runs the relay for as long as the service runs. */
@Singleton
class RelayLifecycle {
    private static final String KAFKA = "kafka.";

    private final Relay relay;

    @Inject
    RelayLifecycle(
            OutboxConfig config,
            Config all,
            Pool pool,
            Wakeups wakeups,
            Backlog backlog,
            MeterRegistry meters,
            @Any Instance<Rendering> renderings) {
        RelaySettings settings = RelaySettings.of(config, nameOf(all), producerSettings(config, all));
        relay = new Relay(RelayParts.of(settings, pool, wakeups, backlog, meters, RelayStep.Observer.NONE)
                .rendering(renderings.stream().toList()));
    }

    void start(@Observes StartupEvent start) {
        relay.start();
    }

    /** After the consumers have drained (priority 1), so that their last events still go out. */
    void stop(@Observes @Priority(100) ShutdownEvent stop) throws InterruptedException {
        relay.stop();
    }

    private static String nameOf(Config all) {
        return all.getOptionalValue("perennial.replica", String.class)
                .filter(name -> !name.isBlank())
                .orElseGet(() -> UUID.randomUUID().toString());
    }

    private static Map<String, String> producerSettings(OutboxConfig config, Config all) {
        Map<String, String> settings = new HashMap<>();
        for (String name : all.getPropertyNames()) {
            if (name.startsWith(KAFKA)) {
                all.getOptionalValue(name, String.class)
                        .ifPresent(value -> settings.put(name.substring(KAFKA.length()), value));
            }
        }
        all.getOptionalValue("kafka.bootstrap.servers", String.class)
                .ifPresent(value -> settings.put("bootstrap.servers", value));
        settings.putAll(config.producer());
        return settings;
    }
}
