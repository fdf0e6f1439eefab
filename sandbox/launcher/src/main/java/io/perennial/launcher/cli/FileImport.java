package io.perennial.launcher.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perennial.launcher.LauncherException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Sends a file of existing authorizations to {@code POST /api/imports}, as it is read. The key of the import is the hash of
 * the file, so that a call after a crash of either side goes on where the one before stood.
 */
final class FileImport {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ATTEMPTS = 20;
    private static final int SHOWN_FAULTS = 20;
    private static final Duration TICK = Duration.ofMillis(500);

    private final String service;
    private final Supplier<String> token;
    private final PrintStream out;
    private final Duration pause;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    /**
     * @param service where auth-service is
     * @param pause before the next attempt after it went away
     */
    FileImport(String service, Supplier<String> token, PrintStream out, Duration pause) {
        this.service = service;
        this.token = token;
        this.out = out;
        this.pause = pause;
    }

    /** Zero if every line is there now. */
    int run(List<String> words) {
        boolean dryRun = words.contains("--dry-run");
        boolean again = words.contains("--again");
        List<String> files =
                words.stream().filter(word -> !word.startsWith("--")).toList();
        if (files.size() != 1 || words.size() != 1 + (dryRun ? 1 : 0) + (again ? 1 : 0)) {
            throw new WrongCall("import takes one file, --dry-run and --again");
        }
        Path file = Path.of(files.get(0));
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new LauncherException("the file " + file + " can not be read");
        }
        String key = (dryRun ? "dry-" : "") + hash(file) + (again ? "-" + UUID.randomUUID() : "");
        return report(send(file, dryRun, key));
    }

    private JsonNode send(Path file, boolean dryRun, String key) {
        for (int attempt = 1; ; attempt++) {
            try {
                HttpResponse<String> response = attempt(file, dryRun, key);
                if (response.statusCode() == 201) {
                    return json(response.body());
                }
                if (response.statusCode() != 503 || attempt == ATTEMPTS) {
                    throw new LauncherException("the import was refused (" + response.statusCode() + "): "
                            + json(response.body()).path("detail").asText("no reason given"));
                }
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    throw new LauncherException(service + " does not take the file: " + e, e);
                }
            }
            out.println("  auth-service went away; going on where the import stands");
            waitAMoment();
        }
    }

    private HttpResponse<String> attempt(Path file, boolean dryRun, String key) throws IOException {
        long size = Files.size(file);
        AtomicLong sent = new AtomicLong();
        URI address = URI.create(service + "/api/imports?dryRun=" + dryRun + "&name="
                + URLEncoder.encode(String.valueOf(file.getFileName()), StandardCharsets.UTF_8));
        // A stream of unknown length travels in chunks: it may be longer than a request that is held in memory.
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Authorization", "Bearer " + token.get())
                .header("Content-Type", "application/x-ndjson")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofInputStream(() -> counted(file, sent)))
                .build();
        CompletableFuture<HttpResponse<String>> answer = http.sendAsync(request, BodyHandlers.ofString());
        int shown = -1;
        while (true) {
            try {
                return answer.get(TICK.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                int percent = (int) (sent.get() * 100 / Math.max(1, size));
                if (percent != shown) {
                    out.println("  " + percent + " % taken");
                    shown = percent;
                }
            } catch (ExecutionException e) {
                throw new IOException(String.valueOf(e.getCause()), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                answer.cancel(true);
                throw new LauncherException("interrupted; the same call goes on where the import stands", e);
            }
        }
    }

    private int report(JsonNode done) {
        out.printf(
                Locale.ROOT,
                "%s: %,d lines, %,d imported, %,d there already, %,d with faults%n",
                done.path("dryRun").asBoolean() ? "Dry run" : "Import",
                done.path("lines").asLong(),
                done.path("imported").asLong(),
                done.path("unchanged").asLong(),
                done.path("failed").asLong());
        if (done.path("received").asLong() > 0) {
            out.printf(
                    Locale.ROOT,
                    "  %,d later tokens of connections that are there; each is tried before it counts%n",
                    done.path("received").asLong());
        }
        int shown = 0;
        for (JsonNode fault : done.path("faults")) {
            if (shown++ == SHOWN_FAULTS) {
                out.println("  and more: GET " + service + "/api/imports/"
                        + done.path("id").asText() + "/faults");
                break;
            }
            out.println("  line " + fault.path("line").asLong() + ": "
                    + fault.path("field").asText() + " " + fault.path("message").asText());
        }
        if (done.hasNonNull("advice")) {
            out.println(done.path("advice").asText());
        }
        if (done.path("failed").asLong() == 0) {
            return 0;
        }
        out.println("Correct the lines and import the file again: what is there stays as it is."
                + " If only the surroundings were wrong, add --again.");
        return 1;
    }

    private static InputStream counted(Path file, AtomicLong sent) {
        try {
            sent.set(0);
            return new FilterInputStream(Files.newInputStream(file)) {
                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    int read = super.read(bytes, offset, length);
                    sent.addAndGet(Math.max(0, read));
                    return read;
                }
            };
        } catch (IOException e) {
            throw new LauncherException("the file " + file + " can not be read: " + e.getMessage(), e);
        }
    }

    private static String hash(Path file) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(java.io.OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException | GeneralSecurityException e) {
            throw new LauncherException("the file " + file + " can not be read: " + e.getMessage(), e);
        }
    }

    private static JsonNode json(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new LauncherException("auth-service's answer is not JSON", e);
        }
    }

    private void waitAMoment() {
        try {
            TimeUnit.MILLISECONDS.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException("interrupted; the same call goes on where the import stands", e);
        }
    }
}
