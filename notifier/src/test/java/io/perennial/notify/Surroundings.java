package io.perennial.notify;

import com.nimbusds.jose.JOSEObjectType;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;

/** What the notifier talks to besides database and broker: issuer, auth-service's stand-in, mail server. */
public class Surroundings implements QuarkusTestResourceLifecycleManager {
    private static final MockOAuth2Server ISSUER = new MockOAuth2Server();
    private static final LinksStandIn LINKS = new LinksStandIn();
    /** Who operates this installation. */
    public static final List<String> OPERATORS = List.of("first@operators.example", "second@operators.example");

    private static final MailServer MAIL = new MailServer();

    @Override
    public Map<String, String> start() {
        try {
            ISSUER.start(InetAddress.getByName("localhost"), 0);
            LINKS.start();
            MAIL.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of(
                "quarkus.oidc.auth-server-url",
                ISSUER.issuerUrl("perennial").toString(),
                "perennial.auth.url",
                LINKS.url(),
                "quarkus.mailer.host",
                "127.0.0.1",
                "quarkus.mailer.port",
                String.valueOf(MAIL.port()),
                "perennial.operators.mail",
                String.join(",", OPERATORS),
                "perennial.mail.timeout",
                "PT3S",
                "perennial.mail.settle",
                "PT0S",
                "quarkus.log.category.\"com.icegreen\".level",
                "WARN");
    }

    @Override
    public void stop() {
        MAIL.stop();
        LINKS.stop();
        ISSUER.shutdown();
    }

    /** auth-service's side of the link question. */
    public static LinksStandIn links() {
        return LINKS;
    }

    /** The mail server that mails are handed to. */
    public static MailServer mail() {
        return MAIL;
    }

    /** A token of somebody with this role who sees these tenants. */
    public static String token(String role, String... tenants) {
        return ISSUER.issueToken(
                        "perennial",
                        "test",
                        new DefaultOAuth2TokenCallback(
                                "perennial",
                                "somebody",
                                JOSEObjectType.JWT.getType(),
                                List.of("perennial"),
                                Map.of("roles", List.of(role), "tenants", List.of(tenants)),
                                3600))
                .serialize();
    }
}
