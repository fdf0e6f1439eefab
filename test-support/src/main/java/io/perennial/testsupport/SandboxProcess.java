package io.perennial.testsupport;

import io.perennial.launcher.process.LoopbackPort;
import io.perennial.launcher.service.ServiceProcess;
import io.perennial.launcher.service.ServiceSpec;
import io.perennial.launcher.stack.SandboxTokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sandbox of this JVM, as it is packaged, as a process of its own: Amazon's stand-in, the OIDC issuer and the mail
 * inbox, on a database and ports of its own and on the clock of {@link TestClock#shared()}.
 *
 * <p>It is found in {@code sandbox/target} under the system property {@code perennial.root}, so it must have been built.
 */
public final class SandboxProcess {

    private static final Duration START = Duration.ofSeconds(90);
    private static final String NAME = "sandbox";

    /** They live for an hour, and no JVM tests for so long. */
    private static final Map<String, String> TOKENS = new ConcurrentHashMap<>();

    private final int port;
    private final int issuerPort;
    private final int smtpPort;

    private SandboxProcess(String ports) {
        String[] numbers = ports.split(",", -1);
        this.port = Integer.parseInt(numbers[0]);
        this.issuerPort = Integer.parseInt(numbers[1]);
        this.smtpPort = Integer.parseInt(numbers[2]);
    }

    /** The sandbox, started by the first call in this JVM. */
    public static SandboxProcess shared() {
        return new SandboxProcess(JvmWide.value(NAME, SandboxProcess::start));
    }

    /** Where Amazon's addresses and {@code /sandbox/…} begin. */
    public String baseUrl() {
        return "http://" + LoopbackPort.HOST + ":" + port;
    }

    public String issuerUrl() {
        return "http://" + LoopbackPort.HOST + ":" + issuerPort + "/perennial";
    }

    public int smtpPort() {
        return smtpPort;
    }

    /** A bearer token with that role, the same one for all who ask; no tenants means all tenants. */
    public String token(String role, String... tenants) {
        return TOKENS.computeIfAbsent(
                role + List.of(tenants), asked -> SandboxTokens.request(issuerUrl(), role, List.of(tenants)));
    }

    /** The settings of a service that uses the sandbox as its issuer and mail server. */
    public Map<String, String> quarkusProperties() {
        return Map.of(
                "quarkus.oidc.auth-server-url",
                issuerUrl(),
                "quarkus.mailer.mock",
                "false",
                "quarkus.mailer.host",
                LoopbackPort.HOST,
                "quarkus.mailer.port",
                Integer.toString(smtpPort));
    }

    private static String start() {
        Path home = TestDirectory.path();
        int port = LoopbackPort.free();
        int issuerPort = LoopbackPort.free();
        int smtpPort = LoopbackPort.free();
        ServiceProcess sandbox = new ServiceProcess(new ServiceSpec(
                NAME,
                application(),
                port,
                List.of("-Dperennial.home=" + home),
                environment(port, issuerPort, smtpPort),
                home.resolve("sandbox.log"),
                TestDirectory.record(NAME)));
        sandbox.launch();
        sandbox.awaitReady(START);
        return port + "," + issuerPort + "," + smtpPort;
    }

    private static Map<String, String> environment(int port, int issuerPort, int smtpPort) {
        TestDatabase database = PerennialPostgres.shared().database(NAME);
        Map<String, String> all = new LinkedHashMap<>();
        all.put("PERENNIAL_CLOCK_OFFSET_FILE", TestClock.shared().file().toString());
        all.put("PERENNIAL_SANDBOX_ISSUER_PORT", Integer.toString(issuerPort));
        all.put("PERENNIAL_SANDBOX_SMTP_PORT", Integer.toString(smtpPort));
        all.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        all.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(LoopbackPort.free()));
        all.put("QUARKUS_DATASOURCE_JDBC_URL", database.jdbcUrl());
        all.put("QUARKUS_DATASOURCE_USERNAME", database.user());
        all.put("QUARKUS_DATASOURCE_PASSWORD", database.password());
        return all;
    }

    private static Path application() {
        Path application = ProjectRoot.find().resolve("sandbox/target/quarkus-app");
        if (!Files.isRegularFile(application.resolve("quarkus-run.jar"))) {
            throw new IllegalStateException("the sandbox is not built: " + application
                    + " is missing; mvn -pl sandbox -am -DskipTests package makes it");
        }
        return application;
    }
}
