package io.perennial.testsupport;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import java.time.Duration;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.ImageNameSubstitutor;

/** The same servers in containers; their end is Testcontainers' own affair. */
final class ContainerEngine {

    private static final String POSTGRES_SETTING = "containers.postgres";
    private static final String KAFKA_SETTING = "containers.kafka";
    private static final Duration START = Duration.ofMinutes(3);

    private ContainerEngine() {}

    static String startPostgres(String superuserPassword, String timeZone) {
        DockerImageName image = image(POSTGRES_SETTING, "postgres", "18-alpine");
        @SuppressWarnings("resource")
        PostgreSQLContainer postgres = new PostgreSQLContainer(image)
                .withUsername("postgres")
                .withPassword(superuserPassword)
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
        requireImage(image, setting);
        return image;
    }

    /** Asks for it once: left to Testcontainers, a registry that is out of reach is asked for minutes. */
    private static void requireImage(DockerImageName image, String setting) {
        String name = ImageNameSubstitutor.instance().apply(image).asCanonicalNameString();
        DockerClient engine = DockerClientFactory.instance().client();
        try {
            engine.inspectImageCmd(name).exec();
        } catch (NotFoundException absent) {
            pull(engine, name, setting);
        }
    }

    private static void pull(DockerClient engine, String name, String setting) {
        try {
            engine.pullImageCmd(name).start().awaitCompletion();
        } catch (DockerClientException | DockerException e) {
            throw new IllegalStateException(
                    "-Dcontainers was given, but the engine can not get " + name + " (-D" + setting
                            + "=<image> names another): " + reason(e),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while pulling " + name, e);
        }
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
