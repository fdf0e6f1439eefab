package io.perennial.console;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;

/** The issuer and stand-ins for the services behind the console. */
public final class Surroundings implements QuarkusTestResourceLifecycleManager {
    /** Claims come from the login form; the audience of the access token from the scope. */
    private static final String ISSUER = "{\"interactiveLogin\": true, \"httpServer\": \"NettyWrapper\"}";

    private final MockOAuth2Server issuer = new MockOAuth2Server(OAuth2Config.Companion.fromJson(ISSUER));
    private final StandIns services = new StandIns();

    @Override
    public Map<String, String> start() {
        try {
            issuer.start(InetAddress.getByName("127.0.0.1"), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String address = services.start();
        int port = issuer.baseUrl().port();
        Map<String, String> settings = new HashMap<>();
        settings.put("quarkus.oidc.auth-server-url", "http://127.0.0.1:" + port + "/perennial");
        settings.put("perennial.service.client.secret", "secret-of-the-console-0123456789abcdef");
        settings.put("perennial.console.session.secret", "session-0123456789-0123456789-0123456789");
        settings.put("perennial.console.state.secret", "state-0123456789-0123456789-0123456789-0");
        settings.put("perennial.auth.url", address);
        settings.put("perennial.fetch.url", address);
        settings.put("perennial.notifier.url", address);
        settings.put("perennial.console.calls.timeout", "3S");
        return settings;
    }

    @Override
    public void stop() {
        issuer.shutdown();
        services.stop();
    }
}
