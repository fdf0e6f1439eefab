package io.perennial.bench.lab;

import io.perennial.launcher.process.LoopbackPort;
import io.perennial.launcher.service.ServiceSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The bare service on the same framework, with the same heap, pool and database server. */
public final class ControlService {
    public static final String DATABASE = "control";

    /** Where a callback is kept, and its event. */
    public static final String ACCEPTED =
            """
            create table accepted (id uuid primary key, state text not null unique, account text not null,
                refresh_token bytea not null, access_token bytea not null)
            """;

    public static final String EVENT =
            """
            create table event (id bigint generated always as identity primary key, key text not null,
                topic text not null, payload bytea not null)
            """;

    private final List<Service> replicas;

    private ControlService(List<Service> replicas) {
        this.replicas = replicas;
    }

    public static ControlService start(Lab lab, int count) {
        lab.createDatabase(DATABASE);
        lab.execute(
                DATABASE,
                ACCEPTED,
                EVENT,
                """
                create table token (id uuid primary key, refresh_token text not null, access_token text not null,
                    expires_at timestamptz not null)
                """,
                "create table lock (key text primary key, until timestamptz not null)");
        List<Service> replicas = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int port = LoopbackPort.free();
            replicas.add(lab.started(Service.launch(new ServiceSpec(
                    "control-" + i,
                    lab.root().resolve("benchmarks/control/target/quarkus-app"),
                    port,
                    lab.jvmOptions("control-" + i),
                    environment(lab, port),
                    lab.log("control-" + i),
                    lab.record("control-" + i)))));
        }
        return new ControlService(List.copyOf(replicas));
    }

    private static Map<String, String> environment(Lab lab, int port) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("QUARKUS_HTTP_HOST", LoopbackPort.HOST);
        all.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        all.put("QUARKUS_DATASOURCE_USERNAME", DATABASE);
        all.put("QUARKUS_DATASOURCE_PASSWORD", lab.password());
        all.put("QUARKUS_DATASOURCE_REACTIVE_URL", lab.reactiveUrl(DATABASE));
        all.put("QUARKUS_DATASOURCE_REACTIVE_MAX_SIZE", Integer.toString(AuthService.POOL));
        all.put("CONTROL_TOKEN_ENDPOINT", lab.amazon().tokenEndpoint());
        return all;
    }

    public List<Service> replicas() {
        return replicas;
    }

    public Service first() {
        return replicas.get(0);
    }

    public List<Long> processes() {
        return replicas.stream().map(Service::pid).toList();
    }
}
