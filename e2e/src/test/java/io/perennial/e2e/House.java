package io.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.perennial.launcher.stack.Ports;
import io.perennial.launcher.stack.Progress;
import io.perennial.launcher.stack.Stack;
import io.perennial.launcher.stack.StackService;
import io.perennial.merchants.Api;
import io.perennial.testsupport.Events;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The whole of Perennial on ports and in a directory of its own: started once for all journeys of this JVM. */
final class House {
    private static final Path ROOT = Path.of(System.getProperty("perennial.root", ".."));
    private static final int SANDBOX_PORT = 8090;
    private static House shared;

    private final Stack stack;

    private House(Stack stack) {
        this.stack = stack;
    }

    static synchronized House shared() {
        if (shared == null) {
            Stack stack = Stack.of(ROOT, Path.of("target", "house"), Ports.free());
            stack.reset(Progress.SILENT);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stack.stop(Progress.SILENT)));
            stack.start(Progress.SILENT);
            shared = new House(stack);
        }
        return shared;
    }

    Stack stack() {
        return stack;
    }

    Api auth(String role, String... tenants) {
        return new Api(stack.url(StackService.AUTH_SERVICE), stack.token(role, tenants));
    }

    Api monitor(String role, String... tenants) {
        return new Api(stack.url(StackService.TOKEN_MONITOR), stack.token(role, tenants));
    }

    Api fetch(String role, String... tenants) {
        return new Api(stack.url(StackService.FETCH_ORCHESTRATOR), stack.token(role, tenants));
    }

    Api notifier(String role, String... tenants) {
        return new Api(stack.url(StackService.NOTIFIER), stack.token(role, tenants));
    }

    /** Amazon's stand-in, its inbox and its log; needs no token. */
    Api sandbox() {
        return new Api(stack.url(StackService.SANDBOX), "none");
    }

    int portOffset() {
        return URI.create(stack.url(StackService.SANDBOX)).getPort() - SANDBOX_PORT;
    }

    String consoleUrl() {
        return stack.url(StackService.CONSOLE);
    }

    Events events(String... topics) {
        return Events.ofAllTime(stack.bootstrapServers(), topics);
    }

    void advance(Duration step) {
        stack.advance(step);
    }

    Instant now() {
        return Instant.parse(sandbox().get("/sandbox/clock").get("now").asText());
    }

    List<JsonNode> mailsTo(String address) {
        List<JsonNode> mails = new ArrayList<>();
        sandbox().get("/sandbox/mails?to=" + address).forEach(mails::add);
        return mails;
    }

    /** Waits until that many mails have come to the address, and returns them, the newest last. */
    List<JsonNode> awaitMails(String address, int count) {
        await("mail " + count + " to " + address)
                .atMost(30, TimeUnit.SECONDS)
                .pollInterval(50, TimeUnit.MILLISECONDS)
                .until(() -> mailsTo(address).size() >= count);
        return mailsTo(address);
    }

    /** Plans trouble at Amazon in place of what was planned; an empty list ends all. */
    void faults(String planned) {
        Api.Answer answer = sandbox().call("PUT", "/sandbox/faults", planned);
        assertThat(answer.status()).as(answer.body().toString()).isBetween(200, 299);
    }

    /** A session on a service's own database, with that service's rights. */
    Connection database(StackService service) throws SQLException {
        return stack.database(service);
    }

    JsonNode connection(String id) {
        return auth("viewer").get("/api/connections/" + id);
    }

    void awaitState(String id, String state) {
        await("connection " + id + " is " + state)
                .atMost(30, TimeUnit.SECONDS)
                .pollInterval(50, TimeUnit.MILLISECONDS)
                .until(() -> connection(id).get("state").asText().equals(state));
    }
}
