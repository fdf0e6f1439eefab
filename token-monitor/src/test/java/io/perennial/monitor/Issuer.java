package io.perennial.monitor;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import no.nav.security.mock.oauth2.MockOAuth2Server;

/** A login server that signs the tokens of these tests. */
public final class Issuer implements QuarkusTestResourceLifecycleManager {
    private static final String ID = "perennial";
    private static final MockOAuth2Server SERVER = new MockOAuth2Server();
    private static boolean started;

    @Override
    public Map<String, String> start() {
        if (!started) {
            SERVER.start(InetAddress.getLoopbackAddress(), 0);
            started = true;
        }
        return Map.of("quarkus.oidc.auth-server-url", SERVER.issuerUrl(ID).toString());
    }

    /** Stays for the next start of the service; it ends with the JVM. */
    @Override
    public void stop() {}

    public static String token(String role, String... tenants) {
        return SERVER.issueToken(
                        ID,
                        role + "-of-the-test",
                        "perennial",
                        Map.of("roles", List.of(role), "tenants", List.of(tenants)))
                .serialize();
    }
}
