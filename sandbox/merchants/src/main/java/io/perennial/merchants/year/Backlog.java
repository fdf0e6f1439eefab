package io.perennial.merchants.year;

import io.perennial.contracts.Topics;
import io.perennial.launcher.LauncherException;
import io.perennial.launcher.process.Waiting;
import io.perennial.launcher.stack.Stack;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** What consumers have still to handle: committed records at or beyond the offsets they have committed. */
public final class Backlog {
    private static final List<String> CONSUMERS =
            List.of("auth-service", "token-monitor", "fetch-orchestrator", "notifier", "console");
    private static final String[] TOPICS = {
        Topics.CONNECTIONS, Topics.EXPIRY, Topics.FETCHES, Topics.REMINDERS, Topics.CONNECTION_STATE
    };
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private Backlog() {}

    /** Waits until every consumer has handled everything that is on its topics. */
    public static void awaitHandled(Stack stack) {
        try (Listener listener = Listener.of(stack.bootstrapServers(), TOPICS);
                Admin broker = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
            awaitHandled(broker, listener, told -> {}, CONSUMERS);
        }
    }

    /**
     * Waits until these consumers have handled everything that is on those of the topics that they listen to.
     *
     * @param heard takes what the listener hears meanwhile
     */
    static void awaitHandled(Admin broker, Listener listener, Consumer<Told> heard, List<String> consumers) {
        boolean handled = Waiting.until(PATIENCE, PAUSE, () -> {
            listener.upToNow(heard);
            Map<TopicPartition, Long> last = listener.lastRecords();
            return consumers.stream().allMatch(group -> handled(broker, group, last));
        });
        if (!handled) {
            throw new LauncherException(consumers + " have not caught up within " + PATIENCE.toSeconds() + " s");
        }
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
            throw new LauncherException("the broker does not tell the offsets of " + group, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException("interrupted", e);
        }
    }
}
