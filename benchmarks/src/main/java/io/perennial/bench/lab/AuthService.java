package io.perennial.bench.lab;

import io.perennial.launcher.LauncherException;
import io.perennial.launcher.process.LoopbackPort;
import io.perennial.launcher.service.LocalHttp;
import io.perennial.launcher.service.ServiceSpec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** auth-service from its packaged jar, in one or several replicas, with an application at Amazon's stand-in. */
public final class AuthService {
    public static final String DATABASE = "auth";

    /** Connections in each replica's pool; every arm has as many. */
    public static final int POOL = 12;

    private final Lab lab;
    private final List<Service> replicas;
    private final Path clock;

    private AuthService(Lab lab, List<Service> replicas, Path clock) {
        this.lab = lab;
        this.replicas = replicas;
        this.clock = clock;
    }

    /** Starts replicas and registers the application. */
    public static AuthService start(Lab lab, int count) {
        return start(lab, count, Map.of());
    }

    /** As {@link #start(Lab, int)}, with settings that differ. */
    public static AuthService start(Lab lab, int count, Map<String, String> settings) {
        lab.createDatabase(DATABASE);
        Path clock = lab.directory().resolve("clock-offset");
        List<Service> replicas = new ArrayList<>();
        int publicPort = LoopbackPort.free();
        for (int i = 0; i < count; i++) {
            int port = i == 0 ? publicPort : LoopbackPort.free();
            replicas.add(lab.started(Service.launch(new ServiceSpec(
                    "auth-service-" + i,
                    lab.root().resolve("auth-service/target/quarkus-app"),
                    port,
                    lab.jvmOptions("auth-service-" + i),
                    environment(lab, clock, port, publicPort, i, settings),
                    lab.log("auth-service-" + i),
                    lab.record("auth-service-" + i)))));
        }
        AuthService service = new AuthService(lab, List.copyOf(replicas), clock);
        service.register();
        return service;
    }

    private static Map<String, String> environment(
            Lab lab, Path clock, int port, int publicPort, int number, Map<String, String> settings) {
        Map<String, String> all = Service.environment(lab, "auth-service-" + number, port, DATABASE, POOL, clock);
        all.put("PERENNIAL_PUBLIC_URL", "http://localhost:" + publicPort);
        all.put("PERENNIAL_KEYS_DIRECTORY", keys(lab).toString());
        // Its own rounds would run into the cells; nothing here is due.
        all.put("PERENNIAL_PROBING_ENABLED", "false");
        all.putAll(settings);
        return all;
    }

    private static Path keys(Lab lab) {
        Path keys = lab.directory().resolve("keys");
        try {
            return Files.createDirectories(keys);
        } catch (IOException e) {
            throw new LauncherException("can not create " + keys + ": " + e.getMessage(), e);
        }
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

    /** The name of the cookie that ties a callback to a browser. */
    public String browserCookie() {
        return "perennial-auth-" + first().port();
    }

    private void register() {
        FakeAmazon amazon = lab.amazon();
        String api =
                "{\"NA\":\"" + amazon.url() + "\",\"EU\":\"" + amazon.url() + "\",\"FE\":\"" + amazon.url() + "\"}";
        String body =
                "{\"name\":\"benchmark\",\"provider\":\"AMAZON_SELLER\",\"clientId\":\"amzn1.application-oa2-client.b\","
                        + "\"clientSecret\":\"amzn1.oa2-cs.v1.benchmark\",\"applicationId\":\"amzn1.sp.solution.benchmark\","
                        + "\"redirectUri\":\"" + first().url()
                        + "/oauth/amazon/callback\",\"default\":true,\"endpoints\":{"
                        + "\"authorization\":\"" + amazon.url() + "/central/{country}\",\"token\":\""
                        + amazon.tokenEndpoint()
                        + "\",\"api\":" + api + "}}";
        LocalHttp.Answer answer = LocalHttp.post(
                first().url() + "/api/apps",
                Map.of("Authorization", "Bearer " + lab.issuer().token("admin"), "Content-Type", "application/json"),
                body);
        require(answer.ok(), "the application was refused", answer.status(), answer.body());
    }

    /**
     * Takes over authorizations by {@code POST /api/imports}, as an integrator would, and notes about each store what a
     * consent would have shown: later consents have something to be compared with.
     */
    public void importConnections(int count) {
        String lines = IntStream.range(0, count).mapToObj(AuthService::line).collect(Collectors.joining("\n"));
        HttpRequest request = HttpRequest.newBuilder(URI.create(first().url() + "/api/imports"))
                .timeout(Duration.ofMinutes(5))
                .header("Authorization", "Bearer " + lab.issuer().token("operator"))
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() ->
                        new java.io.ByteArrayInputStream(lines.getBytes(java.nio.charset.StandardCharsets.UTF_8))))
                .build();
        try {
            HttpResponse<String> answer = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .build()
                    .send(request, HttpResponse.BodyHandlers.ofString());
            require(answer.statusCode() == 201, "the import was refused", answer.statusCode(), answer.body());
        } catch (IOException e) {
            throw new LauncherException("the import failed: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException("interrupted while importing", e);
        }
        long there = lab.count(DATABASE, "select count(*) from connection where state = 'ACTIVE'");
        require(there == count, "not all were imported", (int) there, "");
        lab.execute(
                DATABASE,
                "update connection set account_name = '" + FakeAmazon.STORE + "', account_marketplaces = '{"
                        + FakeAmazon.MARKETPLACE + "}'",
                "vacuum analyze");
    }

    private static String line(int i) {
        return "{\"tenantId\":\"tenant-" + i % 20 + "\",\"externalId\":\"shop-" + i
                + "\",\"provider\":\"AMAZON_SELLER\",\"region\":\"EU\",\"accountId\":\"A" + (1_000_000_000L + i)
                + "\",\"marketplaces\":[\"" + FakeAmazon.MARKETPLACE
                + "\"],\"grantedAt\":\"unknown\",\"refreshToken\":\"" + FakeAmazon.token("Atzr|import-" + i + "-")
                + "\"}";
    }

    /** Moves the clock of all replicas to so much after the machine's; returns when they have taken it. */
    public void advanceTo(Duration offset) {
        try {
            Files.writeString(clock, offset.toString());
        } catch (IOException e) {
            throw new LauncherException("can not move the clock: " + e.getMessage(), e);
        }
        replicas.forEach(replica -> replica.awaitClock(offset));
    }

    private static void require(boolean holds, String what, int number, String text) {
        if (!holds) {
            throw new LauncherException(what + ": " + number + " " + text);
        }
    }
}
