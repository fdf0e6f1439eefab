package io.perennial.inbox;

import io.smallrye.reactive.messaging.ClientCustomizer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.eclipse.microprofile.config.Config;

/**
 * Registers the meters of a consumer before its first poll. A counter that first appears with 1 has not grown in the eyes
 * of Prometheus, and the first dead letter of a process would go unseen. A consumer's name is that of its group.
 */
@Singleton
class ConsumerMeters implements ClientCustomizer<Map<String, Object>> {
    private final InboxMetrics metrics;

    @Inject
    ConsumerMeters(InboxMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public Map<String, Object> customize(String channel, Config ignored, Map<String, Object> client) {
        if (client.get(ConsumerConfig.GROUP_ID_CONFIG) instanceof String group) {
            metrics.register(group);
        }
        return client;
    }
}
