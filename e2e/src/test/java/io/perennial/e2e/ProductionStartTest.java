package io.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perennial.launcher.process.JavaCommand;
import io.perennial.launcher.process.LoopbackPort;
import io.perennial.launcher.stack.StackService;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * auth-service as it is packaged, started for production: with all that the house has of a sandbox, without an issuer, without
 * the files of its secrets, and with settings of its own. They start at once, on a schema of their own or on the house's, of
 * which nothing is changed.
 */
class ProductionStartTest {
    private static final Path ROOT = Path.of(System.getProperty("perennial.root", ".."));
    private static final String SCHEMA = "production_start";
    private static final String SECRETS = "SMALLRYE_CONFIG_SOURCE_FILE_LOCATIONS";
    private static final String DATABASE_USER = "auth";
    private static final String CLIENT_SECRET = "a-secret-of-its-own";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    static Path directory;

    private static House house;
    private static Started ofSandbox;
    private static Started withoutIssuer;
    private static Started withoutSecrets;
    private static Started sound;

    private record Started(Process process, Path log, int port, int managementPort) {
        String said() throws IOException {
            return Files.readString(log);
        }

        int exit() throws InterruptedException {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("has ended").isTrue();
            return process.exitValue();
        }

        int status(int at, String path) throws IOException, InterruptedException {
            return HTTP.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + at + path))
                                    .timeout(Duration.ofSeconds(30))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }

        boolean lives() {
            try {
                return status(managementPort, "/q/health/live") == 200;
            } catch (IOException e) {
                return false;
            } catch (InterruptedException e) {
                throw new AssertionError("Interrupted", e);
            }
        }
    }

    @BeforeAll
    static void start() throws IOException {
        house = House.shared();
        ofSandbox = start("of-sandbox", settingsOfTheHouse());
        Map<String, String> settings = settingsOfItsOwn();
        settings.remove("QUARKUS_OIDC_AUTH_SERVER_URL");
        withoutIssuer = start("without-issuer", settings);
        settings = settingsOfItsOwn();
        settings.put(SECRETS, directory.resolve("nowhere").toString());
        withoutSecrets = start("without-secrets", settings);
        sound = start("sound", settingsOfItsOwn());
    }

    @AfterAll
    static void end() throws SQLException, InterruptedException {
        for (Started started : List.of(ofSandbox, withoutIssuer, withoutSecrets, sound)) {
            started.process().destroyForcibly().waitFor();
        }
        try (Connection session = house.database(StackService.AUTH_SERVICE);
                var statement = session.createStatement()) {
            statement.execute("drop schema if exists " + SCHEMA + " cascade");
        }
    }

    @Test
    void a_production_start_with_what_a_sandbox_has_ends_with_a_line_for_each_fault() throws Exception {
        assertThat(ofSandbox.exit()).isNotZero();
        List<String> lines = ofSandbox.said().lines().toList();
        for (String fault : List.of(
                "perennial.clock.offset-file is set",
                "perennial.sandbox.url is set",
                "quarkus.oidc.auth-server-url is http://",
                "perennial.service.client.secret is missing",
                "quarkus.http.cors.origins lets every page in",
                "perennial.public.url is http://",
                "perennial.keys.directory is ",
                "redirectUri of application sandbox is http://",
                "endpoints.token of application sandbox is http://",
                "endpoints.api.EU of application sandbox-ads is http://")) {
            assertThat(lines)
                    .as(fault + " in " + ofSandbox.log())
                    .filteredOn(line -> line.startsWith(fault))
                    .hasSize(1);
        }
    }

    @Test
    void a_production_start_without_an_issuer_ends_with_its_name() throws Exception {
        assertThat(withoutIssuer.exit()).isNotZero();
        assertThat(withoutIssuer.said()).contains("quarkus.oidc.auth-server-url");
    }

    @Test
    void a_production_start_without_the_files_of_its_secrets_ends_with_their_names() throws Exception {
        assertThat(withoutSecrets.exit()).isNotZero();
        assertThat(withoutSecrets.said())
                .contains("Could not expand value quarkus.datasource.username")
                .contains("Could not expand value quarkus.datasource.password");
    }

    @Test
    void secrets_are_read_from_files_and_are_not_in_the_environment_of_the_process() throws Exception {
        Path process = Path.of("/proc", String.valueOf(sound.process().pid()));
        assumeTrue(Files.exists(process.resolve("environ")), "No /proc here: the environment can not be looked at");

        awaitLife();

        String environment = Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
        assertThat(environment).contains(SECRETS + "=");
        for (String secret : List.of(databasePassword(), CLIENT_SECRET)) {
            assertThat(environment.contains(secret)).isFalse();
            assertThat(Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1)
                            .contains(secret))
                    .isFalse();
            assertThat(sound.said().contains(secret)).isFalse();
        }
    }

    @Test
    void a_production_start_with_settings_of_its_own_serves_and_shows_nothing_of_the_inside() throws Exception {
        awaitLife();
        assertThat(sound.status(sound.port(), "/api/connections")).isEqualTo(401);
        assertThat(sound.status(sound.port(), "/connect/help")).isEqualTo(200);
        for (String inside : List.of("/q/health/live", "/q/metrics", "/q/openapi", "/q/logging-manager", "/q/dev-ui")) {
            assertThat(sound.status(sound.port(), inside)).as(inside).isEqualTo(404);
        }
        for (String changing : List.of("/q/logging-manager", "/q/dev-ui", "/q/arc", "/q/heapdump")) {
            assertThat(sound.status(sound.managementPort(), changing))
                    .as(changing)
                    .isEqualTo(404);
        }
    }

    @Test
    void a_production_start_writes_lines_of_json_with_the_keys_that_are_promised() throws Exception {
        awaitLife();

        String said = sound.said();
        List<String> lines =
                said.substring(0, said.lastIndexOf('\n') + 1).lines().toList();
        assertThat(lines).isNotEmpty();
        for (String line : lines) {
            JsonNode told = JSON.readTree(line);
            assertThat(told.fieldNames())
                    .toIterable()
                    .as(line)
                    .contains(
                            "timestamp",
                            "sequence",
                            "level",
                            "loggerName",
                            "message",
                            "service",
                            "threadName",
                            "hostName",
                            "processId",
                            "mdc");
            assertThat(told.get("service").asText()).isEqualTo("auth-service");
            assertThat(OffsetDateTime.parse(told.get("timestamp").asText())).isNotNull();
        }
    }

    private static void awaitLife() throws IOException {
        await("it lives; log " + sound.log())
                .atMost(120, TimeUnit.SECONDS)
                .pollInterval(200, TimeUnit.MILLISECONDS)
                .until(() -> !sound.process().isAlive() || sound.lives());
        assertThat(sound.process().isAlive()).as(sound.said()).isTrue();
    }

    private static Map<String, String> settingsOfTheHouse() throws IOException {
        Map<String, String> all = new HashMap<>(database(""));
        all.put("PERENNIAL_LOG_JSON", "false");
        all.put("QUARKUS_DATASOURCE_USERNAME", DATABASE_USER);
        all.put("QUARKUS_DATASOURCE_PASSWORD", databasePassword());
        Path home = house.stack().home().directory();
        all.put(
                "PERENNIAL_CLOCK_OFFSET_FILE",
                house.stack().home().clockOffset().toString());
        all.put("PERENNIAL_SANDBOX_URL", house.stack().url(StackService.SANDBOX));
        all.put("PERENNIAL_PUBLIC_URL", house.stack().url(StackService.AUTH_SERVICE));
        all.put("PERENNIAL_KEYS_DIRECTORY", home.resolve("secrets/keys").toString());
        all.put("QUARKUS_OIDC_AUTH_SERVER_URL", house.stack().ports().issuerUrl());
        all.put("QUARKUS_HTTP_CORS_ENABLED", "true");
        return all;
    }

    private static Map<String, String> settingsOfItsOwn() throws IOException {
        Path keys = Files.createDirectories(directory.resolve("keys"));
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        Files.writeString(keys.resolve("own.key"), Base64.getEncoder().encodeToString(key));
        Map<String, String> all = new HashMap<>(database(SCHEMA));
        all.put("QUARKUS_FLYWAY_SCHEMAS", SCHEMA);
        all.put("PERENNIAL_PUBLIC_URL", "https://connect.example.com");
        all.put("PERENNIAL_KEYS_DIRECTORY", keys.toString());
        all.put(
                SECRETS,
                mounted(Map.of(
                                "quarkus.datasource.username",
                                DATABASE_USER,
                                "quarkus.datasource.password",
                                databasePassword(),
                                "perennial.service.client.secret",
                                CLIENT_SECRET,
                                // By the environment it could as well be a tenant "client" of quarkus.oidc.
                                "quarkus.oidc-client.discovery-enabled",
                                "false",
                                "quarkus.oidc-client.token-path",
                                "/token"))
                        .toString());
        all.put("QUARKUS_OIDC_AUTH_SERVER_URL", "https://issuer.perennial.invalid/perennial");
        // Nobody answers there, and nobody signs in here.
        all.put("QUARKUS_OIDC_DISCOVERY_ENABLED", "false");
        all.put("QUARKUS_OIDC_JWKS_PATH", "/jwks");
        all.put("QUARKUS_OIDC_JWKS_RESOLVE_EARLY", "false");
        return all;
    }

    private static String databasePassword() throws IOException {
        return Files.readString(house.stack().home().directory().resolve("secrets/database-auth"))
                .strip();
    }

    /** As Kubernetes mounts secrets: links to links, so that all change at once. Written with an editor, they end with a line. */
    private static Path mounted(Map<String, String> secrets) throws IOException {
        Path at = Files.createTempDirectory(directory, "secrets");
        Path written = Files.createDirectory(at.resolve("..2026_11_22_13_00_00.1"));
        Files.createSymbolicLink(at.resolve("..data"), written.getFileName());
        for (Map.Entry<String, String> secret : secrets.entrySet()) {
            Files.writeString(written.resolve(secret.getKey()), secret.getValue() + "\n");
            Files.createSymbolicLink(at.resolve(secret.getKey()), Path.of("..data", secret.getKey()));
        }
        return at;
    }

    private static Map<String, String> database(String schema) {
        String address = "postgresql://127.0.0.1:" + house.stack().ports().postgres() + "/auth";
        return Map.of(
                "QUARKUS_DATASOURCE_REACTIVE_URL",
                address + (schema.isEmpty() ? "" : "?search_path=" + schema),
                "QUARKUS_DATASOURCE_JDBC_URL",
                "jdbc:" + address + (schema.isEmpty() ? "" : "?currentSchema=" + schema));
    }

    private static Started start(String name, Map<String, String> settings) throws IOException {
        Path log =
                Files.createDirectories(Path.of("target", "production-start")).resolve(name + ".log");
        int port = LoopbackPort.free();
        int managementPort = LoopbackPort.free();
        Path jar = ROOT.resolve("auth-service/target/quarkus-app/quarkus-run.jar");
        ProcessBuilder builder = new ProcessBuilder(JavaCommand.small("96m")
                        .with("-jar", jar.toAbsolutePath().toString())
                        .words())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        Map<String, String> environment = builder.environment();
        environment
                .keySet()
                .removeIf(key -> key.startsWith("PERENNIAL_")
                        || key.startsWith("QUARKUS_")
                        || key.startsWith("KAFKA_")
                        || key.startsWith("SMALLRYE_"));
        environment.putAll(settings);
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_HTTP_PORT", String.valueOf(port));
        environment.put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
        environment.put("QUARKUS_MANAGEMENT_PORT", String.valueOf(managementPort));
        // It must not answer for the house: neither its events nor its places at the broker are for a stranger.
        environment.put("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + LoopbackPort.free());
        return new Started(builder.start(), log, port, managementPort);
    }
}
