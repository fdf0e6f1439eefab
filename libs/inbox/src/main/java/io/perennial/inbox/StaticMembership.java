package io.perennial.inbox;

import io.smallrye.reactive.messaging.ClientCustomizer;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Lets a replica with a lasting name take its partitions back at once when it starts again, after a kill too: Kafka's
 * static membership (KIP-345). Without a name (replicas that come and go) the short session applies.
 *
 * <p>The member's id holds the channel, because several channels of a service may share a group and two consumers with
 * one id would fence each other. For the same reason a channel with a name must not have in-app concurrency.
 */
@Singleton
class StaticMembership implements ClientCustomizer<Map<String, Object>> {

    private final Optional<String> replica;

    StaticMembership(@ConfigProperty(name = "perennial.replica") Optional<String> replica) {
        this.replica = replica.filter(name -> !name.isBlank());
    }

    @Override
    public Map<String, Object> customize(String channel, Config ignored, Map<String, Object> client) {
        if (replica.isEmpty() || !client.containsKey(ConsumerConfig.GROUP_ID_CONFIG)) {
            return client;
        }
        Map<String, Object> named = new HashMap<>(client);
        named.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, replica.get() + "-" + channel);
        return named;
    }
}
