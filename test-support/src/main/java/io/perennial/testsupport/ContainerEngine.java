package io.perennial.testsupport;

import java.time.Duration;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.ImageNameSubstitutor;

/** The same servers in containers; their end is Testcontainers' own affair. */
final class ContainerEngine {

    private static final String POSTGRES_SETTING = "containers.postgres";
    private static final String KAFKA_SETTING = "containers.kafka";
    private static final Duration START = Duration.ofMinutes(3);

    /** As the launcher's own cluster: what sorts and compares text must not depend on the image's locale. */
    private static final String CLUSTER = "--encoding=UTF8 --locale-provider=builtin --locale=C.UTF-8";

    /** Docker gives 64 MB, which the plans of a few parallel queries can fill. */
    private static final long SHARED_MEMORY = 256L << 20;

    private ContainerEngine() {}

    static String startPostgres(String superuserPassword, String timeZone) {
        DockerImageName image = image(POSTGRES_SETTING, "postgres", "18-alpine");
        @SuppressWarnings("resource")
        PostgreSQLContainer postgres = new PostgreSQLContainer(image)
                .withUsername("postgres")
                .withPassword(superuserPassword)
                .withEnv("POSTGRES_INITDB_ARGS", CLUSTER)
                .withSharedMemorySize(SHARED_MEMORY)
                .withStartupTimeout(START);
        postgres.setCommand(
                "postgres",
                "-c",
                "fsync=off",
                "-c",
                "max_connections=200",
                "-c",
                "timezone=" + timeZone,
                "-c",
                "shared_preload_libraries=pg_stat_statements");
        postgres.start();
        return postgres.getHost() + ":" + postgres.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT);
    }

    static String startKafka() {
        DockerImageName image = image(KAFKA_SETTING, "apache/kafka", "4.1.1");
        @SuppressWarnings("resource")
        KafkaContainer kafka = new KafkaContainer(image)
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
        requireEngine();
        DockerImageName image = DockerImageName.parse(System.getProperty(setting, official + ":" + tag))
                .asCompatibleSubstituteFor(official);
        try {
            new PullOnce().shouldPull(ImageNameSubstitutor.instance().apply(image));
        } catch (ContainerFetchException e) {
            throw new IllegalStateException(
                    "-Dcontainers was given, but " + e.getMessage() + " (-D" + setting + "=<image> names another)", e);
        }
        return image;
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
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "-Dcontainers was given, but the container engine starts nothing: " + reason(e), e);
        }
    }

    static String reason(Throwable failure) {
        Throwable cause = failure.getCause();
        return cause == null ? String.valueOf(failure.getMessage()).strip() : reason(cause);
    }
}
