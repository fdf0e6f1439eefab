package io.perennial.example.listingsync;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads what becomes of connections and pauses or resumes the sync of their listings.
 *
 * <ul>
 *   <li>Only committed records are read: what a service took back was never said.
 *   <li>The state is written first and the offsets are committed after, so a crash repeats events but loses none; a
 *       repeated event changes nothing.
 *   <li>An event about a former consent changes nothing, however late it comes.
 * </ul>
 */
final class ListingSync implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);

    private final Options options;
    private final SyncStates states;
    private final PrintStream out;
    private final KafkaConsumer<String, byte[]> consumer;

    ListingSync(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
        this.states = SyncStates.at(options.state());
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, options.bootstrap(),
                        ConsumerConfig.GROUP_ID_CONFIG, options.group(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }

    public static void main(String[] arguments) {
        Options options;
        try {
            options = Options.of(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        Thread main = Thread.currentThread();
        ListingSync sync = new ListingSync(options, new PrintStream(System.out, true, StandardCharsets.UTF_8));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(sync, main)));
        sync.run();
    }

    private static void stop(ListingSync sync, Thread main) {
        sync.close();
        try {
            main.join(Duration.ofSeconds(5).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reads until {@link #close} is called. */
    void run() {
        try (consumer) {
            consumer.subscribe(List.of(options.topic()));
            out.println("listening to " + options.topic() + " at " + options.bootstrap());
            while (true) {
                take(consumer.poll(POLL));
            }
        } catch (WakeupException e) {
            out.println("stopped");
        }
    }

    private void take(ConsumerRecords<String, byte[]> records) {
        if (records.isEmpty()) {
            return;
        }
        records.forEach(record -> Happening.of(record).filter(states::take).ifPresent(this::say));
        states.save();
        consumer.commitSync();
    }

    private void say(Happening event) {
        out.println((event.working() ? "RESUMED " : "PAUSED  ") + event.externalId() + " of " + event.tenant()
                + " because of " + event.type() + ", generation " + event.generation());
    }

    /** Ends {@link #run}; the only call that another thread may make. */
    @Override
    public void close() {
        consumer.wakeup();
    }
}
