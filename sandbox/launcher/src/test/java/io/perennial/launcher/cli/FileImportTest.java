package io.perennial.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.perennial.launcher.LauncherException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileImportTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final List<String> keys = new ArrayList<>();
    private final List<String> answers = new ArrayList<>();
    private HttpServer server;
    private Path file;

    @BeforeEach
    void a_service_and_a_file() throws IOException {
        file = Files.writeString(directory.resolve("sellers.ndjson"), "{\"tenantId\":\"acme\"}\n".repeat(5_000));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/imports", this::answer);
        server.start();
    }

    @AfterEach
    void no_service() {
        server.stop(0);
    }

    @Test
    void a_service_that_goes_away_gets_the_same_file_under_the_same_key_again() {
        answers.addAll(List.of("gone", "503", done(2, 3)));

        assertThat(run(file.toString())).isEqualTo(1);

        assertThat(keys).hasSize(3).containsOnly(keys.get(0));
        assertThat(output())
                .contains(
                        "going on where the import stands",
                        "5,000 lines, 4,994 imported, 2 there already, 3 with",
                        "1 later token")
                .contains("line 17: region is required", "Manage Your Apps", "--again");
    }

    @Test
    void another_key_is_taken_on_purpose_only() {
        answers.addAll(List.of(done(0, 0), done(0, 0), done(0, 0)));

        assertThat(run(file.toString())).isZero();
        assertThat(run(file.toString(), "--again")).isZero();
        assertThat(run("--dry-run", file.toString())).isZero();

        assertThat(keys).doesNotHaveDuplicates();
        assertThat(keys.get(1)).startsWith(keys.get(0));
    }

    @Test
    void what_can_not_be_done_is_said_in_one_line() {
        answers.add("409");
        assertThatThrownBy(() -> run(file.toString()))
                .isInstanceOf(LauncherException.class)
                .hasMessageContaining("another one has it");
        assertThatThrownBy(() -> run(directory.resolve("none").toString())).hasMessageContaining("can not be read");
        assertThatThrownBy(() -> run()).isInstanceOf(WrongCall.class);
        assertThatThrownBy(() -> run(file.toString(), "--quickly")).isInstanceOf(WrongCall.class);
    }

    private void answer(HttpExchange call) throws IOException {
        try (call) {
            keys.add(call.getRequestHeaders().getFirst("Idempotency-Key"));
            String answer = answers.remove(0);
            if (answer.equals("gone")) {
                return;
            }
            byte[] body = call.getRequestBody().readAllBytes();
            assertThat(body).hasSize((int) Files.size(file));
            boolean refused = answer.length() == 3;
            byte[] sent = (refused ? "{\"detail\":\"another one has it\"}" : answer).getBytes(StandardCharsets.UTF_8);
            call.sendResponseHeaders(refused ? Integer.parseInt(answer) : 201, sent.length);
            call.getResponseBody().write(sent);
        }
    }

    private static String done(int unchanged, int failed) {
        return """
                {"id":"i","dryRun":false,"lines":5000,"imported":%d,"unchanged":%d,"received":1,"failed":%d%s,
                 "faults":[%s]}
                """
                .formatted(
                        4_999 - unchanged - failed,
                        unchanged,
                        failed,
                        failed == 0 ? "" : ",\"advice\":\"See Manage Your Apps.\"",
                        failed == 0 ? "" : "{\"line\":17,\"field\":\"region\",\"message\":\"is required\"}");
    }

    private int run(String... words) {
        String address = "http://127.0.0.1:" + server.getAddress().getPort();
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        return new FileImport(address, () -> "token", out, Duration.ofMillis(1)).run(List.of(words));
    }

    private String output() {
        return printed.toString(StandardCharsets.UTF_8);
    }
}
