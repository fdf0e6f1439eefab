package io.perennial.launcher.kafka;

import java.util.LinkedHashMap;
import java.util.Map;

/** One node that must be small and quick to start, and is honest about everything else. */
final class BrokerProperties {

    private BrokerProperties() {}

    static Map<String, String> of(KafkaSettings settings, int controllerPort) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("process.roles", "broker,controller");
        all.put("node.id", "1");
        all.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        all.put("controller.listener.names", "CONTROLLER");
        all.put("listeners", "PLAINTEXT://127.0.0.1:" + settings.port() + ",CONTROLLER://127.0.0.1:" + controllerPort);
        all.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + settings.port());
        all.put(
                "log.dirs",
                settings.directory().resolve("records").toAbsolutePath().toString());
        all.put("auto.create.topics.enable", "false");

        all.put("offsets.topic.num.partitions", "4");
        all.put("offsets.topic.replication.factor", "1");
        all.put("transaction.state.log.num.partitions", "4");
        all.put("transaction.state.log.replication.factor", "1");
        all.put("transaction.state.log.min.isr", "1");
        all.put("share.coordinator.state.topic.num.partitions", "1");
        all.put("share.coordinator.state.topic.replication.factor", "1");
        all.put("share.coordinator.state.topic.min.isr", "1");
        all.put("group.initial.rebalance.delay.ms", "0");

        // a broker that was killed is let in again when its old session has ended
        all.put("broker.session.timeout.ms", "3000");
        all.put("broker.heartbeat.interval.ms", "500");

        all.put("num.network.threads", "2");
        all.put("num.io.threads", "3");
        all.put("background.threads", "2");
        all.put("num.recovery.threads.per.data.dir", "2");
        // the cleaner's buffer alone would be half of the heap
        all.put("log.cleaner.dedupe.buffer.size", "4194304");
        all.put("log.cleaner.io.buffer.size", "131072");
        // index files are mapped at this size from their first record on
        all.put("log.index.size.max.bytes", "1048576");
        all.put("log.segment.bytes", "67108864");
        all.putAll(settings.properties());
        return all;
    }
}
