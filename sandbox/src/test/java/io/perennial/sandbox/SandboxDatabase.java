package io.perennial.sandbox;

import io.perennial.testsupport.PerennialPostgres;
import io.perennial.testsupport.TestDatabase;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.Map;

/** A database of the JVM's server, and free ports for everything that listens. */
public class SandboxDatabase implements QuarkusTestResourceLifecycleManager {

    @Override
    public Map<String, String> start() {
        TestDatabase database = PerennialPostgres.shared().database("sandbox");
        try {
            return Map.of(
                    "quarkus.datasource.jdbc.url", database.jdbcUrl(),
                    "quarkus.datasource.username", database.user(),
                    "quarkus.datasource.password", database.password(),
                    "perennial.sandbox.issuer.port", freePort(),
                    "perennial.sandbox.smtp.port", freePort(),
                    "perennial.clock.offset-file",
                            Files.createTempDirectory("sandbox-clock")
                                    .resolve("offset")
                                    .toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server belongs to the JVM and ends with it. */
    @Override
    public void stop() {}

    private static String freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Integer.toString(socket.getLocalPort());
        }
    }
}
