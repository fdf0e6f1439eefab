package io.perennial.testsupport;

import io.quarkus.test.common.QuarkusTestResourceConfigurableLifecycleManager;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What {@link WithPerennial} starts, as settings of the service under test. */
public final class PerennialTestResource implements QuarkusTestResourceConfigurableLifecycleManager<WithPerennial> {

    private @Nullable WithPerennial wanted;

    @Override
    public void init(WithPerennial annotation) {
        wanted = annotation;
    }

    @Override
    public Map<String, String> start() {
        WithPerennial asked = wanted;
        if (asked == null) {
            throw new IllegalStateException("use @WithPerennial, which says what the test needs");
        }
        CompletableFuture<Map<String, String>> broker = CompletableFuture.supplyAsync(
                () -> asked.kafka() ? kafka() : Map.of(), PerennialTestResource::inThreadOfTheTest);
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("perennial.mode", "sandbox");
        settings.put("perennial.clock.offset-file", TestClock.shared().file().toString());
        settings.put("quarkus.http.test-port", "0");
        settings.put("quarkus.management.test-port", "0");
        if (!asked.database().isEmpty()) {
            settings.putAll(
                    PerennialPostgres.shared().database(asked.database()).quarkusProperties());
        }
        if (asked.sandbox()) {
            settings.putAll(SandboxProcess.shared().quarkusProperties());
        }
        settings.putAll(broker.join());
        return settings;
    }

    /** The parts belong to the JVM, not to one test: they end with it. */
    @Override
    public void stop() {
        TestClock.shared().reset();
    }

    /** The common pool's threads know the JVM's class loader only, where Kafka's client would find a second self. */
    private static void inThreadOfTheTest(Runnable work) {
        new Thread(work, "kafka").start();
    }

    private static Map<String, String> kafka() {
        PerennialKafka kafka = PerennialKafka.shared();
        kafka.createContractTopics();
        return Map.of("kafka.bootstrap.servers", kafka.bootstrapServers());
    }
}
