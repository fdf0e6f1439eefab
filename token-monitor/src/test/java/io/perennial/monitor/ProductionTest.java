package io.perennial.monitor;

import static io.restassured.RestAssured.given;

import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a service shows to the outside in production; the house is the same for all of them. */
@QuarkusTest
@WithPerennial(database = "monitor")
@WithTestResource(ProductionTest.Production.class)
class ProductionTest {

    @TestHTTPResource(value = "/metrics", management = true)
    String metrics;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/q",
                "/q/",
                "/q/health",
                "/q/health/ready",
                "/q/health/live",
                "/q/metrics",
                "/q/openapi",
                "/q/swagger-ui",
                "/q/dev-ui",
                "/q/arc",
                "/q/info",
                "/q/logging-manager",
                "/metrics",
                "/health",
                "/openapi",
                "/Q/metrics",
                "//q/metrics",
                "/%71/metrics"
            })
    void nothing_of_the_inside_is_shown_at_the_public_port(String path) {
        given().urlEncodingEnabled(false)
                .redirects()
                .follow(false)
                .get(path)
                .then()
                .statusCode(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dev-ui", "/logging-manager", "/arc", "/heapdump", "/threaddump"})
    void the_management_port_measures_and_changes_nothing(String path) {
        given().get(metrics).then().statusCode(200);
        given().get(metrics.replace("/metrics", path)).then().statusCode(404);
    }

    public static final class Production implements QuarkusTestResourceLifecycleManager {

        @Override
        public Map<String, String> start() {
            return Map.of(
                    "perennial.mode", "production",
                    "perennial.clock.offset-file", "",
                    "perennial.service.client.secret", "a-secret-of-its-own",
                    "quarkus.oidc.auth-server-url", "https://issuer.perennial.example/perennial",
                    // nobody answers there, and nobody signs in here
                    "quarkus.oidc.discovery-enabled", "false",
                    "quarkus.oidc.jwks-path", "/jwks",
                    "quarkus.oidc.jwks.resolve-early", "false");
        }

        /** After the parts, whose settings are those of a sandbox. */
        @Override
        public int order() {
            return 10;
        }

        @Override
        public void stop() {}
    }
}
