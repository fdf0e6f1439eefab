package io.perennial.outbox;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Settings of one relay.
 *
 * @param relay name of this relay among all that share the outbox; lasting, if the replica has a lasting name
 * @param patience how long rows of an unknown type are left to newer relays
 * @param producer settings of the Kafka producer, at least {@code bootstrap.servers}
 */
record RelaySettings(
        String service,
        String relay,
        boolean enabled,
        int slotGroups,
        int batchSize,
        Duration pollInterval,
        Duration leaseDuration,
        Duration maxBackOff,
        Duration patience,
        Map<String, String> producer) {

    /** As {@code outbox_slot} in the database has it. */
    static final int SLOTS = 8;

    RelaySettings {
        if (slotGroups < 1 || SLOTS % slotGroups != 0) {
            throw new IllegalArgumentException("perennial.outbox.slot-groups must divide " + SLOTS);
        }
        if (batchSize < SLOTS) {
            throw new IllegalArgumentException("perennial.outbox.batch-size must be at least " + SLOTS);
        }
    }

    static RelaySettings of(OutboxConfig config, String relay, Map<String, String> kafka) {
        return new RelaySettings(
                config.service(),
                relay,
                config.enabled(),
                config.slotGroups(),
                config.batchSize(),
                config.pollInterval(),
                config.leaseDuration(),
                config.maxBackOff(),
                config.patience(),
                kafka);
    }

    List<Short> slots(int slotGroup) {
        return IntStream.range(0, SLOTS)
                .filter(slot -> slot % slotGroups == slotGroup)
                .mapToObj(slot -> (short) slot)
                .toList();
    }

    String transactionalId(int slotGroup) {
        return "perennial-outbox-" + service + "-" + slotGroup;
    }

    Duration heartbeatInterval() {
        return leaseDuration.dividedBy(4);
    }
}
