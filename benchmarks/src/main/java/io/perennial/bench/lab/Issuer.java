package io.perennial.bench.lab;

import io.perennial.launcher.process.LoopbackPort;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import no.nav.security.mock.oauth2.http.NettyWrapper;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import no.nav.security.mock.oauth2.token.OAuth2TokenProvider;

/** Bearer tokens, as a login server would give them. */
public final class Issuer {
    private static final String NAME = "perennial";
    private static final long LIFE_SECONDS = 36_000;

    private final MockOAuth2Server server;

    private Issuer(MockOAuth2Server server) {
        this.server = server;
    }

    static Issuer start() {
        MockOAuth2Server server = new MockOAuth2Server(
                new OAuth2Config(false, null, null, false, new OAuth2TokenProvider(), Set.of(), new NettyWrapper()));
        server.start(InetAddress.getLoopbackAddress(), LoopbackPort.free());
        return new Issuer(server);
    }

    String url() {
        return server.issuerUrl(NAME).toString();
    }

    /** For all tenants. */
    public String token(String role) {
        return server.issueToken(
                        NAME,
                        "benchmark",
                        new DefaultOAuth2TokenCallback(
                                NAME,
                                "benchmark",
                                "JWT",
                                List.of(NAME),
                                Map.of("roles", List.of(role), "tenants", List.of("*")),
                                LIFE_SECONDS))
                .serialize();
    }

    void stop() {
        server.shutdown();
    }
}
