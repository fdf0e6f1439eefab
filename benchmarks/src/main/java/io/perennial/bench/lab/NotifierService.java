package io.perennial.bench.lab;

import io.perennial.launcher.process.LoopbackPort;
import io.perennial.launcher.service.ServiceSpec;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** notifier from its packaged jar. */
public final class NotifierService {
    public static final String DATABASE = "notifier";

    private final Service service;

    private NotifierService(Service service) {
        this.service = service;
    }

    /**
     * @param authUrl who answers its questions for links
     * @param mailPort where its mail server is
     */
    public static NotifierService start(Lab lab, String authUrl, int mailPort, Map<String, String> settings) {
        lab.createDatabase(DATABASE);
        int port = LoopbackPort.free();
        Map<String, String> all = new LinkedHashMap<>();
        all.put("PERENNIAL_MODE", "sandbox");
        all.put("PERENNIAL_LOG_JSON", "false");
        all.put("PERENNIAL_REPLICA", "notifier-0");
        all.put("PERENNIAL_PUBLIC_URL", "http://localhost:" + port);
        all.put("PERENNIAL_AUTH_URL", authUrl);
        all.put("QUARKUS_MAILER_HOST", LoopbackPort.HOST);
        all.put("QUARKUS_MAILER_PORT", Integer.toString(mailPort));
        all.put("QUARKUS_HTTP_HOST", LoopbackPort.HOST);
        all.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        all.put("QUARKUS_MANAGEMENT_HOST", LoopbackPort.HOST);
        all.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(LoopbackPort.free()));
        all.put("QUARKUS_DATASOURCE_USERNAME", DATABASE);
        all.put("QUARKUS_DATASOURCE_PASSWORD", lab.password());
        all.put("QUARKUS_DATASOURCE_REACTIVE_URL", lab.reactiveUrl(DATABASE));
        all.put("QUARKUS_DATASOURCE_REACTIVE_MAX_SIZE", Integer.toString(AuthService.POOL));
        all.put("QUARKUS_DATASOURCE_JDBC_URL", "jdbc:" + lab.reactiveUrl(DATABASE));
        all.put("KAFKA_BOOTSTRAP_SERVERS", lab.kafka().bootstrapServers());
        all.put("QUARKUS_OIDC_AUTH_SERVER_URL", lab.issuer().url());
        all.putAll(settings);
        return new NotifierService(lab.started(Service.launch(new ServiceSpec(
                "notifier",
                lab.root().resolve("notifier/target/quarkus-app"),
                port,
                lab.jvmOptions("notifier"),
                all,
                lab.log("notifier"),
                lab.record("notifier")))));
    }

    public List<Long> processes() {
        return List.of(service.pid());
    }

    /** How long after becoming due a mail may be looked for; the benchmarks ask often. */
    public static Duration poll() {
        return Duration.ofMillis(50);
    }
}
