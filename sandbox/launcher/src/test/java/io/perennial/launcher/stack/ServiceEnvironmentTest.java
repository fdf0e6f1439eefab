package io.perennial.launcher.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceEnvironmentTest {

    @TempDir
    Path home;

    @Test
    void every_address_moves_with_the_offset() {
        Map<String, String> notifier = environment(100).of(new Replica(StackService.NOTIFIER, 1));
        assertThat(notifier)
                .containsEntry("QUARKUS_HTTP_PORT", "8184")
                .containsEntry("QUARKUS_MANAGEMENT_PORT", "9184")
                .containsEntry("QUARKUS_DATASOURCE_JDBC_URL", "jdbc:postgresql://127.0.0.1:15532/notifier")
                .containsEntry("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9192")
                .containsEntry("QUARKUS_OIDC_AUTH_SERVER_URL", "http://127.0.0.1:8191/perennial")
                .containsEntry("QUARKUS_MAILER_PORT", "2625")
                .containsEntry("PERENNIAL_OPERATORS_MAIL", "operators@perennial.example")
                .containsEntry("PERENNIAL_AUTH_URL", "http://localhost:8181")
                .containsEntry("PERENNIAL_UNSUBSCRIBE_PUBLIC_URL", "http://localhost:8184");
    }

    @Test
    void a_service_knows_no_other_services_secret() {
        ServiceEnvironment environment = environment(0);
        Map<String, String> auth = environment.of(new Replica(StackService.AUTH_SERVICE, 1));
        Map<String, String> console = environment.of(new Replica(StackService.CONSOLE, 1));
        assertThat(auth).containsKey("PERENNIAL_KEYS_DIRECTORY");
        assertThat(console).doesNotContainKey("PERENNIAL_KEYS_DIRECTORY");
        assertThat(environment.of(new Replica(StackService.NOTIFIER, 1))).containsKey("PERENNIAL_MAILBOXES_KEY");
        assertThat(auth).doesNotContainKey("PERENNIAL_MAILBOXES_KEY");
        assertThat(console.values())
                .doesNotContain(auth.get("QUARKUS_DATASOURCE_PASSWORD"), auth.get("PERENNIAL_SERVICE_CLIENT_SECRET"));
    }

    @Test
    void a_second_replica_has_ports_and_a_name_of_its_own_and_nothing_else() {
        Map<String, String> first = environment(0).of(new Replica(StackService.AUTH_SERVICE, 1));
        Map<String, String> second = environment(0).of(new Replica(StackService.AUTH_SERVICE, 2));
        assertThat(second)
                .containsEntry("QUARKUS_HTTP_PORT", "8101")
                .containsEntry("QUARKUS_MANAGEMENT_PORT", "9101")
                .containsEntry("PERENNIAL_REPLICA", "auth-service-2");
        first.keySet().removeAll(List.of("QUARKUS_HTTP_PORT", "QUARKUS_MANAGEMENT_PORT", "PERENNIAL_REPLICA"));
        assertThat(second).containsAllEntriesOf(first);
    }

    private ServiceEnvironment environment(int offset) {
        StackHome stackHome = new StackHome(home);
        return new ServiceEnvironment(new Ports(offset), stackHome, new Secrets(stackHome.secrets()));
    }
}
