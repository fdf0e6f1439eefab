package io.perennial.launcher.kafka;

import io.perennial.launcher.LauncherException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;

/** Makes the topics that are missing and gives the others their settings; partitions are fixed for life. */
public final class KafkaTopics {

    private static final long DEADLINE_SECONDS = 30;

    private KafkaTopics() {}

    /** One topic as it shall be; replication is the broker's affair. */
    public record Topic(String name, int partitions, Map<String, String> configuration) {

        public Topic {
            configuration = Map.copyOf(configuration);
        }
    }

    public static void create(String bootstrapServers, Collection<Topic> topics) {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            Set<String> present = admin.listTopics().names().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
            List<NewTopic> missing = topics.stream()
                    .filter(topic -> !present.contains(topic.name()))
                    .map(topic ->
                            new NewTopic(topic.name(), topic.partitions(), (short) 1).configs(topic.configuration()))
                    .toList();
            admin.incrementalAlterConfigs(settings(topics, present)).all().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
            admin.createTopics(missing).all().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new LauncherException("can not create topics: " + e.getCause(), e);
            }
        } catch (TimeoutException e) {
            throw new LauncherException("Kafka at " + bootstrapServers + " does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException("interrupted while creating topics", e);
        }
    }

    private static Map<ConfigResource, Collection<AlterConfigOp>> settings(
            Collection<Topic> topics, Set<String> present) {
        return topics.stream()
                .filter(topic ->
                        present.contains(topic.name()) && !topic.configuration().isEmpty())
                .collect(Collectors.toMap(
                        topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic.name()), KafkaTopics::operations));
    }

    private static Collection<AlterConfigOp> operations(Topic topic) {
        return topic.configuration().entrySet().stream()
                .map(setting -> new AlterConfigOp(
                        new ConfigEntry(setting.getKey(), setting.getValue()), AlterConfigOp.OpType.SET))
                .toList();
    }
}
