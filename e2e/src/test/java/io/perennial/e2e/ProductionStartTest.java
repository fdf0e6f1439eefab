package io.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perennial.launcher.process.JavaCommand;
import io.perennial.launcher.process.LoopbackPort;
import io.perennial.launcher.stack.StackService;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
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
 * auth-service as it is packaged, started for production: with all that the house has of a sandbox, without an issuer, and with
 * settings of its own. They start at once, on a schema of their own or on the house's, of which nothing is changed.
 */
class ProductionStartTest {
    private static final Path ROOT = Path.of(System.getProperty("perennial.root", ".."));
    private static final String SCHEMA = "production_start";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    static Path directory;

    private static House house;
    private static Started ofSandbox;
    private static Started withoutIssuer;
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
        sound = start("sound", settingsOfItsOwn());
    }

    @AfterAll
    static void end() throws SQLException, InterruptedException {
        for (Started started : List.of(ofSandbox, withoutIssuer, sound)) {
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
    void a_production_start_with_settings_of_its_own_serves_and_shows_nothing_of_the_inside() throws Exception {
        await("it lives; log " + sound.log())
                .atMost(120, TimeUnit.SECONDS)
                .pollInterval(200, TimeUnit.MILLISECONDS)
                .until(() -> !sound.process().isAlive() || sound.lives());
        assertThat(sound.process().isAlive()).as(sound.said()).isTrue();
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

    private static Map<String, String> settingsOfTheHouse() throws IOException {
        Map<String, String> all = new HashMap<>(database(""));
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
        Files.writeString(keys.resolve("own.key"), Base64.getEncoder().encodeToString(new byte[32]));
        Map<String, String> all = new HashMap<>(database(SCHEMA));
        all.put("QUARKUS_FLYWAY_SCHEMAS", SCHEMA);
        all.put("PERENNIAL_PUBLIC_URL", "https://connect.example.com");
        all.put("PERENNIAL_KEYS_DIRECTORY", keys.toString());
        all.put("PERENNIAL_SERVICE_CLIENT_SECRET", "a-secret-of-its-own");
        all.put("QUARKUS_OIDC_AUTH_SERVER_URL", "https://issuer.perennial.invalid/perennial");
        // Nobody answers there, and nobody signs in here.
        all.put("QUARKUS_OIDC_DISCOVERY_ENABLED", "false");
        all.put("QUARKUS_OIDC_JWKS_PATH", "/jwks");
        all.put("QUARKUS_OIDC_JWKS_RESOLVE_EARLY", "false");
        all.put("QUARKUS_OIDC_CLIENT_DISCOVERY_ENABLED", "false");
        all.put("QUARKUS_OIDC_CLIENT_TOKEN_PATH", "/token");
        return all;
    }

    private static Map<String, String> database(String schema) throws IOException {
        String address = "postgresql://127.0.0.1:" + house.stack().ports().postgres() + "/auth";
        return Map.of(
                "QUARKUS_DATASOURCE_USERNAME",
                "auth",
                "QUARKUS_DATASOURCE_PASSWORD",
                Files.readString(house.stack().home().directory().resolve("secrets/database-auth"))
                        .strip(),
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
                .removeIf(
                        key -> key.startsWith("PERENNIAL_") || key.startsWith("QUARKUS_") || key.startsWith("KAFKA_"));
        environment.putAll(settings);
        environment.put("PERENNIAL_LOG_JSON", "false");
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_HTTP_PORT", String.valueOf(port));
        environment.put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
        environment.put("QUARKUS_MANAGEMENT_PORT", String.valueOf(managementPort));
        // It must not answer for the house: neither its events nor its places at the broker are for a stranger.
        environment.put("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + LoopbackPort.free());
        return new Started(builder.start(), log, port, managementPort);
    }
}
