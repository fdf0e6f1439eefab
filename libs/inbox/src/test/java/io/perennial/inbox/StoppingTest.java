package io.perennial.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perennial.contracts.Topics;
import io.perennial.testsupport.Events;
import io.perennial.testsupport.PerennialKafka;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

/** Stops the library, but not the service, in a service of its own: what happens then to records shows. */
@QuarkusTest
@WithPerennial(database = "inbox_stopping")
@TestProfile(StoppingTest.OwnGroup.class)
class StoppingTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String GROUP = "stopping";

    @Inject
    EffectConsumer consumer;

    @Inject
    InFlight inFlight;

    @Inject
    DataSource database;

    @Test
    void stopping_finishes_what_is_in_flight_and_leaves_the_rest_to_others() throws Exception {
        String broker = PerennialKafka.shared().bootstrapServers();
        UUID connection = UUID.randomUUID();
        Effects effects = new Effects(database);
        try (Sender sender = new Sender(broker);
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker));
                Events deadLetters = Events.fromNow(broker, Topics.deadLetters(Topics.CONNECTIONS, "token-monitor"))) {
            consumer.gate = new CompletableFuture<>();
            long before = committed(admin);
            sender.send(Sender.expired(connection, 1));
            sender.flush();
            await().atMost(PATIENCE).until(() -> consumer.entered.get() > 0);
            for (long n = 2; n <= 1000; n++) {
                sender.send(Sender.expired(connection, n));
            }
            sender.flush();

            CompletableFuture<Void> stopped = CompletableFuture.runAsync(this::stop);
            await().atMost(PATIENCE).until(inFlight::stopping);
            assertThat(stopped).isNotDone();
            consumer.gate.complete(null);
            await().atMost(PATIENCE).until(stopped::isDone);
            database.getConnection().close();

            int handled = effects.sequences(connection).size();
            assertThat(effects.sequences(connection))
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, handled).boxed().toList());
            assertThat(handled).isBetween(1, 999);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(committed(admin) - before).isEqualTo(handled));
            assertThat(deadLetters.upToNow()).isEmpty();
            assertThat(members(admin)).containsExactly(Optional.of("inbox-0-connections"));
        }
    }

    private void stop() {
        try {
            inFlight.drain(new ShutdownEvent());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long committed(Admin admin) throws Exception {
        return admin.listConsumerGroupOffsets(GROUP).partitionsToOffsetAndMetadata().get().values().stream()
                .mapToLong(OffsetAndMetadata::offset)
                .sum();
    }

    private static List<Optional<String>> members(Admin admin) throws Exception {
        return admin.describeConsumerGroups(List.of(GROUP)).describedGroups().get(GROUP).get().members().stream()
                .map(MemberDescription::groupInstanceId)
                .toList();
    }

    public static final class OwnGroup implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "mp.messaging.incoming.connections.group.id",
                    GROUP,
                    "mp.messaging.incoming.connections.auto.offset.reset",
                    "latest",
                    "perennial.replica",
                    "inbox-0");
        }
    }
}
