package io.perennial.sandbox.issuer;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import no.nav.security.mock.oauth2.token.OAuth2TokenProvider;
import org.jspecify.annotations.Nullable;

/** Starts and stops the OIDC issuer with the process. */
@Singleton
public class Issuer {

    record Login(List<DemoUser> users) implements TemplateInstance {}

    private final IssuerConfig config;
    private final ObjectMapper json;
    private @Nullable MockOAuth2Server server;

    Issuer(IssuerConfig config, ObjectMapper json) {
        this.config = config;
        this.json = json;
    }

    void start(@Observes StartupEvent event) throws UnknownHostException {
        IssuerFront front = new IssuerFront(json, new Login(DemoUser.ALL).render());
        PerennialTokens tokens = new PerennialTokens(config.tokenLifetime());
        MockOAuth2Server starting = new MockOAuth2Server(
                new OAuth2Config(true, null, null, false, new OAuth2TokenProvider(), Set.of(tokens), front));
        starting.start(InetAddress.getByName("127.0.0.1"), config.port());
        server = starting;
    }

    void stop(@Observes ShutdownEvent event) {
        if (server != null) {
            server.shutdown();
        }
    }
}
