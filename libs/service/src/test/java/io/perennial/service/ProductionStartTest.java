package io.perennial.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProductionStartTest {
    private static final String ISSUER = "quarkus.oidc.auth-server-url";
    private static final Map<String, String> SOUND = Map.of(
            ISSUER,
            "https://login.example/realms/perennial",
            "perennial.service.client.secret",
            "a secret of one's own");

    @Test
    void sound_settings_start() {
        assertThat(ProductionStart.refusals(config(Map.of()))).isEmpty();
        assertThat(ProductionStart.refusals(config(Map.of(
                        "quarkus.http.cors.enabled", "true",
                        "quarkus.http.cors.origins", "https://console.example"))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "perennial.clock.offset-file, /tmp/offset",
        "perennial.sandbox.url, http://127.0.0.1:8090",
        "quarkus.oidc.auth-server-url, ''",
        "quarkus.oidc.auth-server-url, http://login.example",
        "quarkus.oidc.auth-server-url, https://127.0.0.1:8091/perennial",
        "quarkus.oidc.auth-server-url, https://localhost/perennial",
        "quarkus.oidc.auth-server-url, https://127.1/perennial",
        "quarkus.oidc.auth-server-url, https://[::1]/perennial",
        "perennial.service.client.secret, ''",
        "perennial.service.client.secret, none",
    })
    void settings_of_a_sandbox_are_refused_by_name(String setting, String value) {
        assertThat(ProductionStart.refusals(config(Map.of(setting, value))))
                .singleElement()
                .asString()
                .startsWith(setting + " is ");
    }

    @Test
    void a_login_at_the_mail_server_that_is_not_complete_is_refused_by_name() {
        assertThat(ProductionStart.refusals(
                        config(Map.of("quarkus.mailer.login", "REQUIRED", "quarkus.mailer.username", "perennial"))))
                .singleElement()
                .asString()
                .startsWith("quarkus.mailer.password is missing");
    }

    @ParameterizedTest
    @CsvSource({"*", "''", "/https:.*/"})
    void every_page_of_the_world_is_too_many(String origins) {
        assertThat(ProductionStart.refusals(
                        config(Map.of("quarkus.http.cors.enabled", "true", "quarkus.http.cors.origins", origins))))
                .singleElement()
                .asString()
                .startsWith("quarkus.http.cors.origins");
    }

    @Test
    void each_refusal_has_a_line_of_its_own() {
        assertThat(ProductionStart.refusals(config(Map.of(ISSUER, "http://x", "perennial.sandbox.url", "http://y"))))
                .hasSize(2);
    }

    private static SmallRyeConfig config(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(SOUND);
        all.putAll(settings);
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder();
        all.forEach(builder::withDefaultValue);
        return builder.build();
    }
}
