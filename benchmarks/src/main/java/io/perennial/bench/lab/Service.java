package io.perennial.bench.lab;

import io.perennial.launcher.LauncherException;
import io.perennial.launcher.process.LoopbackPort;
import io.perennial.launcher.process.OwnedProcess;
import io.perennial.launcher.process.Waiting;
import io.perennial.launcher.service.ServiceProcess;
import io.perennial.launcher.service.ServiceSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** A packaged service as a process of its own, with the heap and the compiler that the launcher gives to all of them. */
public final class Service {
    private final ServiceProcess process;
    private final int port;

    private Service(ServiceProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /** What every service is told: its ports, its database, the broker, the issuer, and where its clock stands. */
    static Map<String, String> environment(
            Lab lab, String replica, int port, String database, int sessions, Path clock) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("PERENNIAL_MODE", "sandbox");
        all.put("PERENNIAL_LOG_JSON", "false");
        all.put("PERENNIAL_REPLICA", replica);
        all.put("PERENNIAL_CLOCK_OFFSET_FILE", clock.toString());
        all.put("QUARKUS_HTTP_HOST", LoopbackPort.HOST);
        all.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        all.put("QUARKUS_MANAGEMENT_HOST", LoopbackPort.HOST);
        all.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(LoopbackPort.free()));
        all.put("QUARKUS_DATASOURCE_USERNAME", database);
        all.put("QUARKUS_DATASOURCE_PASSWORD", lab.password());
        all.put("QUARKUS_DATASOURCE_REACTIVE_URL", lab.reactiveUrl(database));
        all.put("QUARKUS_DATASOURCE_REACTIVE_MAX_SIZE", Integer.toString(sessions));
        all.put("QUARKUS_DATASOURCE_JDBC_URL", "jdbc:" + lab.reactiveUrl(database));
        all.put("KAFKA_BOOTSTRAP_SERVERS", lab.kafka().bootstrapServers());
        all.put("QUARKUS_OIDC_AUTH_SERVER_URL", lab.issuer().url());
        return all;
    }

    static Service launch(ServiceSpec spec) {
        Service service = new Service(new ServiceProcess(spec), spec.port());
        service.process.launch();
        return service;
    }

    void awaitReady(Duration deadline) {
        process.awaitReady(deadline);
    }

    public int port() {
        return port;
    }

    public String url() {
        return "http://localhost:" + port;
    }

    public long pid() {
        return process.process()
                .map(OwnedProcess::pid)
                .orElseThrow(() -> new LauncherException(process.name() + " does not run; log " + process.log()));
    }

    void awaitClock(Duration offset) {
        if (!Waiting.until(
                Duration.ofSeconds(10),
                () -> process.clockOffset().filter(offset::equals).isPresent())) {
            throw new LauncherException(process.name() + " does not take the clock");
        }
    }

    void stop() {
        process.stop();
    }
}
