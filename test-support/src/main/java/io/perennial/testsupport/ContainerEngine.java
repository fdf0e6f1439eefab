package io.perennial.testsupport;

import java.time.Duration;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** The same servers in containers; their end is Testcontainers' own affair. */
final class ContainerEngine {

    private static final String POSTGRES_IMAGE = "postgres:18-alpine";
    private static final String KAFKA_IMAGE = "apache/kafka:4.1.1";
    private static final Duration START = Duration.ofMinutes(3);

    private ContainerEngine() {}

    static String startPostgres(String superuserPassword, String timeZone) {
        requireEngine();
        @SuppressWarnings("resource")
        PostgreSQLContainer postgres = new PostgreSQLContainer(POSTGRES_IMAGE)
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
        KafkaContainer kafka = new KafkaContainer(KAFKA_IMAGE)
                .withStartupTimeout(START)
                .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0")
                .withEnv("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "1")
                .withEnv("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "1")
                .withEnv("KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "4")
                .withEnv("KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", "4");
        kafka.start();
        return kafka.getBootstrapServers().replaceFirst("^.*://", "");
    }

    private static void requireEngine() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            throw new IllegalStateException("-Dcontainers was given, but no container engine answers:"
                    + " start one, or run the tests without -Dcontainers");
        }
    }
}
