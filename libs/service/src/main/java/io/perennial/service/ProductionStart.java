package io.perennial.service;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;

/**
 * Refuses a production start with settings that only a sandbox may have, and with what the service's own
 * {@link ProductionCheck}s find: all of it at once, one line for each fault, with the remedy.
 */
@Singleton
class ProductionStart {
    /** What the defaults put in the place of a secret. */
    private static final String NO_SECRET = "none";

    private final Mode mode;
    private final Config config;
    private final Instance<ProductionCheck> checks;

    ProductionStart(Mode mode, Config config, @Any Instance<ProductionCheck> checks) {
        this.mode = mode;
        this.config = config;
        this.checks = checks;
    }

    void check(@Observes @Priority(1) StartupEvent event) {
        if (mode != Mode.PRODUCTION) {
            return;
        }
        List<String> refusals = refusals(config);
        checks.forEach(check -> refusals.addAll(check.refusals()));
        if (!refusals.isEmpty()) {
            throw new IllegalStateException(
                    "perennial.mode is production; refusing to start:\n" + String.join("\n", refusals));
        }
    }

    static List<String> refusals(Config config) {
        List<String> all = new ArrayList<>();
        text(config, "perennial.clock.offset-file")
                .ifPresent(file -> all.add("perennial.clock.offset-file is set: a production clock can not be moved."
                        + " Remove the setting."));
        text(config, "perennial.sandbox.url")
                .ifPresent(url -> all.add("perennial.sandbox.url is set: the sandbox does not belong into production."
                        + " Remove the setting."));
        issuer(config, all);
        secret(config, all);
        mailLogin(config, all);
        cors(config, all);
        return all;
    }

    private static void issuer(Config config, List<String> all) {
        String setting = "quarkus.oidc.auth-server-url";
        Optional<URI> issuer = text(config, setting).map(URI::create);
        if (issuer.isEmpty()) {
            all.add(setting + " is missing: set it to the https address of the issuer.");
        } else if (!"https".equals(issuer.get().getScheme())
                || Hosts.isLoopback(issuer.get().getHost())) {
            all.add(setting + " is " + issuer.get() + ": set it to the https address of the issuer.");
        }
    }

    private static void secret(Config config, List<String> all) {
        String setting = "perennial.service.client.secret";
        if (text(config, setting).filter(secret -> !secret.equals(NO_SECRET)).isEmpty()) {
            all.add(setting + " is missing: set it to the secret of this service's client at the issuer.");
        }
    }

    private static void mailLogin(Config config, List<String> all) {
        if (text(config, "quarkus.mailer.login")
                .filter("REQUIRED"::equalsIgnoreCase)
                .isEmpty()) {
            return;
        }
        for (String setting : List.of("quarkus.mailer.username", "quarkus.mailer.password")) {
            if (text(config, setting).isEmpty()) {
                all.add(setting + " is missing: the mail server asks for it, since quarkus.mailer.login is REQUIRED.");
            }
        }
    }

    private static void cors(Config config, List<String> all) {
        String setting = "quarkus.http.cors.origins";
        if (text(config, "quarkus.http.cors.enabled").map(Boolean::valueOf).orElse(false)) {
            String origins = text(config, setting).orElse("*");
            if (origins.contains("*")) {
                all.add(setting + " lets every page in: name the origins, or remove quarkus.http.cors.enabled.");
            }
        }
    }

    private static Optional<String> text(Config config, String setting) {
        return config.getOptionalValue(setting, String.class).filter(value -> !value.isBlank());
    }
}
