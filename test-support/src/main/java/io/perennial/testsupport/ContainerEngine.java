package io.perennial.testsupport;

import java.time.Duration;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** The same servers in containers; their end is Testcontainers' own affair. */
final class ContainerEngine {

    private static final DockerImageName POSTGRES = image("containers.postgres", "postgres", "18-alpine");
    private static final DockerImageName KAFKA = image("containers.kafka", "apache/kafka", "4.1.1");
    private static final Duration START = Duration.ofMinutes(3);

    private ContainerEngine() {}

    static String startPostgres(String superuserPassword, String timeZone) {
        requireEngine();
        @SuppressWarnings("resource")
        PostgreSQLContainer postgres = new PostgreSQLContainer(POSTGRES)
                .withUsername("postgres")
                .withPassword(superuserPassword)
                .withStartupTimeout(START);
        postgres.setCommand("postgres", "-c", "fsync=off", "-c", "max_connections=200", "-c", "timezone=" + timeZone);
        postgres.start();
        return postgres.getHost() + ":" + postgres.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT);
    }

    static String startKafka() {
        requireEngine();
        @SuppressWarnings("resource")
        KafkaContainer kafka = new KafkaContainer(KAFKA)
                .withStartupTimeout(START)
                .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0")
                .withEnv("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "1")
                .withEnv("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "1")
                .withEnv("KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "4")
                .withEnv("KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", "4");
        kafka.start();
        return kafka.getBootstrapServers().replaceFirst("^.*://", "");
    }

    /** A mirror's image, or one of another tag, by {@code -D<setting>=<image>}; it must behave as the official one. */
    private static DockerImageName image(String setting, String official, String tag) {
        return DockerImageName.parse(System.getProperty(setting, official + ":" + tag))
                .asCompatibleSubstituteFor(official);
    }

    /** Asked once per JVM: where one server can not be had, the other is not even tried, so that none is left behind. */
    private static void requireEngine() {
        JvmWide.value("engine", () -> {
            if (!answers()) {
                throw new IllegalStateException("-Dcontainers was given, but no container engine answers:"
                        + " start one, or run the tests without -Dcontainers");
            }
            return "answers";
        });
    }

    private static boolean answers() {
        try {
            return DockerClientFactory.instance().isDockerAvailable();
        } catch (ContainerLaunchException e) {
            throw new IllegalStateException(
                    "-Dcontainers was given, but the container engine starts nothing: " + reason(e), e);
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure.getCause();
        return cause == null ? String.valueOf(failure.getMessage()) : reason(cause);
    }
}
