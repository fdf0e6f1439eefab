package io.perennial.service;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;

/** Refuses a production start with settings that only a sandbox may have: one line for each, with the remedy. */
@Singleton
class ProductionStart {
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127\\..*|\\[?::1]?|0\\.0\\.0\\.0");

    private final Mode mode;
    private final Config config;

    ProductionStart(Mode mode, Config config) {
        this.mode = mode;
        this.config = config;
    }

    void check(@Observes @Priority(1) StartupEvent event) {
        List<String> refusals = mode == Mode.PRODUCTION ? refusals(config) : List.of();
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
        cors(config, all);
        return all;
    }

    private static void issuer(Config config, List<String> all) {
        String setting = "quarkus.oidc.auth-server-url";
        Optional<URI> issuer = text(config, setting).map(URI::create);
        if (issuer.isEmpty()) {
            all.add(setting + " is missing: set it to the https address of the issuer.");
        } else if (!"https".equals(issuer.get().getScheme())
                || LOOPBACK.matcher(String.valueOf(issuer.get().getHost())).matches()) {
            all.add(setting + " is " + issuer.get() + ": set it to the https address of the issuer.");
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
