package io.perennial.e2e;

import static org.awaitility.Awaitility.await;

import io.perennial.contracts.Topics;
import io.perennial.testsupport.Events;
import io.perennial.testsupport.ReceivedEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** What consumers have still to handle: committed records at or beyond the offsets they have committed. */
final class Backlog {
    private static final List<String> CONSUMERS =
            List.of("auth-service", "token-monitor", "fetch-orchestrator", "notifier", "console");
    private static final String[] TOPICS = {
        Topics.CONNECTIONS, Topics.EXPIRY, Topics.FETCHES, Topics.REMINDERS, Topics.CONNECTION_STATE
    };

    private Backlog() {}

    /** Waits until every consumer has handled everything that is on its topics. */
    static void awaitHandled(House house) {
        try (Events events = house.events(TOPICS)) {
            awaitHandled(house, events, CONSUMERS);
        }
    }

    /** Waits until these consumers have handled everything that is on those of the topics that they listen to. */
    static void awaitHandled(House house, Events topics, List<String> consumers) {
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", house.stack().bootstrapServers()))) {
            await(consumers + " have caught up")
                    .atMost(40, TimeUnit.SECONDS)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(100, TimeUnit.MILLISECONDS)
                    .until(() -> {
                        Map<TopicPartition, Long> last = lastRecords(topics);
                        return consumers.stream().allMatch(group -> handled(admin, group, last));
                    });
        }
    }

    private static Map<TopicPartition, Long> lastRecords(Events events) {
        return events.upToNow().stream()
                .collect(Collectors.toMap(
                        event -> new TopicPartition(event.topic(), event.partition()),
                        ReceivedEvent::offset,
                        Math::max));
    }

    private static boolean handled(Admin admin, String group, Map<TopicPartition, Long> last) {
        try {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get();
            return committed.entrySet().stream()
                    .allMatch(entry -> last.getOrDefault(entry.getKey(), -1L)
                            < entry.getValue().offset());
        } catch (ExecutionException e) {
            throw new AssertionError("The broker does not tell the offsets of " + group, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted", e);
        }
    }
}
