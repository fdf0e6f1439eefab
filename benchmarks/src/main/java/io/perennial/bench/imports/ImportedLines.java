package io.perennial.bench.imports;

import io.perennial.bench.lab.AuthService;
import io.perennial.bench.lab.FakeAmazon;
import io.perennial.bench.lab.Lab;
import io.perennial.bench.measure.Arm;
import io.perennial.launcher.LauncherException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Ours: {@code POST /api/imports} with a line for each connection, sealed, scheduled, audited and announced. */
final class ImportedLines implements Arm {
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final Lab lab;
    private final AuthService auth;
    private final Rows rows;
    private final Path file;
    private final int connections;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    ImportedLines(Lab lab, AuthService auth, Rows rows, Path file, int connections, int tenants) {
        this.lab = lab;
        this.auth = auth;
        this.rows = rows;
        this.file = file;
        this.connections = connections;
        write(tenants);
    }

    private void write(int tenants) {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int i = 0; i < connections; i++) {
                out.write("{\"tenantId\":\"tenant-" + i % tenants + "\",\"externalId\":\"shop-" + i
                        + "\",\"provider\":\"AMAZON_SELLER\",\"region\":\"EU\",\"accountId\":\"A" + (1_000_000_000L + i)
                        + "\",\"marketplaces\":[\"" + FakeAmazon.MARKETPLACE
                        + "\"],\"contacts\":[{\"name\":\"Ada Owner\",\"email\":\"ada@shop-" + i
                        + ".example\",\"locale\":\"en\",\"order\":1}],\"grantedAt\":\"2026-06-01T00:00:00Z\""
                        + ",\"refreshToken\":\"" + FakeAmazon.token("Atzr|import-" + i + "-") + "\"}\n");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The lines can not be written", e);
        }
    }

    @Override
    public String name() {
        return "import";
    }

    @Override
    public String database() {
        return AuthService.DATABASE;
    }

    @Override
    public List<Long> processes() {
        return auth.processes();
    }

    @Override
    public void prepare(Duration length) {
        rows.clear();
    }

    @Override
    public Work work(Duration length) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(auth.first().url() + "/api/imports"))
                .timeout(LONGEST)
                .header("Authorization", "Bearer " + lab.issuer().token("operator"))
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofInputStream(this::lines))
                .build();
        long began = System.nanoTime();
        HttpResponse<String> answer = send(request);
        double seconds = (System.nanoTime() - began) / 1e9;
        long there = lab.count(
                AuthService.DATABASE,
                "select count(*) from connection c join grant_record g on g.connection_id = c.id where c.state = 'ACTIVE'"
                        + " and g.status = 'CURRENT'");
        if (answer.statusCode() != 201 || there != connections) {
            throw new LauncherException("the import of " + connections + " lines came to " + there + " connections: "
                    + answer.statusCode() + " " + answer.body());
        }
        return new Work(connections, seconds);
    }

    private InputStream lines() {
        try {
            return Files.newInputStream(file);
        } catch (IOException e) {
            throw new UncheckedIOException("The lines can not be read", e);
        }
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new LauncherException("the import failed: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException("interrupted while importing", e);
        }
    }
}
