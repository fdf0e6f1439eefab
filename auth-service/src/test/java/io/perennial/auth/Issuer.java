package io.perennial.auth;

import com.nimbusds.jose.JOSEObjectType;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;

/** An issuer of bearer tokens, and the settings that only this service wants. */
public class Issuer implements QuarkusTestResourceLifecycleManager {
    private static final MockOAuth2Server SERVER = new MockOAuth2Server();

    @Override
    public Map<String, String> start() {
        try {
            SERVER.start(InetAddress.getByName("127.0.0.1"), 0);
            return Map.of(
                    "quarkus.oidc.auth-server-url",
                    url(),
                    "perennial.keys.directory",
                    Files.createTempDirectory("perennial-keys").toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        SERVER.shutdown();
    }

    /** A token of somebody with these roles who sees these tenants. */
    public static String token(String roles, String... tenants) {
        return SERVER.issueToken(
                        "perennial",
                        "test",
                        new DefaultOAuth2TokenCallback(
                                "perennial",
                                "somebody",
                                JOSEObjectType.JWT.getType(),
                                List.of("perennial"),
                                Map.of("roles", List.of(roles.split(",")), "tenants", List.of(tenants)),
                                3600))
                .serialize();
    }

    private static String url() {
        return SERVER.issuerUrl("perennial").toString();
    }
}
