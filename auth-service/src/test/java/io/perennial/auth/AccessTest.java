package io.perennial.auth;

import static io.perennial.auth.Api.as;
import static io.restassured.RestAssured.given;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every route with every role, with no token, and with the ids of a foreign tenant. */
@QuarkusTest
@WithPerennial(database = "auth", sandbox = true)
@WithTestResource(Keys.class)
class AccessTest {
    private static final List<String> ROLES = List.of("admin", "operator", "viewer", "token-reader", "link-issuer");
    private static final List<Route> ROUTES = routes();

    /** Of the deployment, not of a tenant. */
    private static final List<String> WITHOUT_TENANT = List.of("/api/apps", "/api/keys", "/api/outages");

    private record Route(String verb, String path, String takes, List<String> roles) {
        Response call(RequestSpecification caller, String id) {
            RequestSpecification request = caller.contentType(takes);
            String address = path.replaceAll("\\{[^/]*}", id);
            return verb.equals("GET") || verb.equals("DELETE")
                    ? request.request(verb, address)
                    : request.body("{}".getBytes(StandardCharsets.UTF_8)).request(verb, address);
        }

        boolean allows(String role) {
            return roles.contains(role);
        }

        String line() {
            return verb + " " + path + " " + String.join(",", roles);
        }
    }

    private UUID connection;

    @BeforeEach
    void somebody_elses_connection() {
        connection = new Shop().connection("access", null);
    }

    @Test
    void who_may_call_what_is_written_down() throws IOException {
        try (var table = AccessTest.class.getResourceAsStream("/access.txt")) {
            assertThat(ROUTES.stream().map(Route::line).collect(joining("\n")))
                    .isEqualTo(new String(table.readAllBytes(), StandardCharsets.UTF_8).strip());
        }
    }

    @Test
    void only_the_roles_of_a_route_get_in() {
        SoftAssertions all = new SoftAssertions();
        String unknown = UUID.randomUUID().toString();
        for (Route route : ROUTES) {
            all.assertThat(route.call(given(), unknown).statusCode())
                    .as("no token: %s", route)
                    .isEqualTo(401);
            for (String role : ROLES) {
                int status = route.call(as(role, "*"), unknown).statusCode();
                if (route.allows(role)) {
                    all.assertThat(status).as("%s: %s", role, route).isNotIn(401, 403);
                } else {
                    all.assertThat(status).as("%s: %s", role, route).isEqualTo(403);
                }
            }
        }
        all.assertAll();
    }

    @Test
    void foreign_ids_answer_as_unknown_ones() {
        SoftAssertions all = new SoftAssertions();
        for (Route route : ROUTES) {
            if (!route.path().contains("{") || WITHOUT_TENANT.stream().anyMatch(route.path()::startsWith)) {
                continue;
            }
            for (String role : route.roles()) {
                Response foreign = route.call(as(role, "somebody-else"), connection.toString());
                Response unknown =
                        route.call(as(role, "somebody-else"), UUID.randomUUID().toString());
                all.assertThat(foreign.statusCode()).as("%s: %s", role, route).isBetween(400, 404);
                all.assertThat(foreign.statusCode()).as("%s: %s", role, route).isEqualTo(unknown.statusCode());
                all.assertThat(foreign.<String>path("code"))
                        .as("%s: %s", role, route)
                        .isEqualTo(unknown.path("code"));
            }
        }
        all.assertAll();
        assertThat(Api.admin().get("/api/connections/" + connection).<String>path("state"))
                .as("nobody could touch it")
                .isEqualTo("PENDING");
    }

    @Test
    void the_trail_tells_who_did_it_from_where_and_only_to_those_who_may_see_it() {
        as("operator", "*").delete("/api/connections/" + connection).then().statusCode(204);

        Response trail = as("admin", "*").get("/api/audit?limit=1&connection=" + connection);
        assertThat(trail.<String>path("items[0].to")).isEqualTo("DISCONNECTED");
        assertThat(trail.<String>path("items[0].actor")).isNotBlank();
        assertThat(trail.<String>path("items[0].origin")).isEqualTo("127.0.0.1");
        assertThat(trail.<String>path("next")).isNotNull();
        Response rest =
                as("admin", "*").get("/api/audit?connection=" + connection + "&cursor=" + trail.<String>path("next"));
        assertThat(rest.<List<String>>path("items.kind")).contains("CONNECTION_CREATED");
        assertThat(as("admin", "somebody-else")
                        .get("/api/audit?connection=" + connection)
                        .<List<?>>path("items"))
                .isEmpty();
        as("admin", "*").get("/api/audit?kind=NONSENSE").then().statusCode(400);
    }

    private static List<Route> routes() {
        List<Route> found = new ArrayList<>();
        for (JavaClass resource : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.perennial.auth")) {
            if (!resource.isAnnotatedWith(Path.class)) {
                continue;
            }
            String base = resource.getAnnotationOfType(Path.class).value();
            for (JavaMethod method : resource.getMethods()) {
                if (method.isAnnotatedWith(RolesAllowed.class)) {
                    found.add(new Route(verb(method), base + tail(method), takes(method), roles(method)));
                }
            }
        }
        found.sort(Comparator.comparing(Route::path).thenComparing(Route::verb));
        return found;
    }

    private static String verb(JavaMethod method) {
        return Arrays.stream(method.reflect().getAnnotations())
                .map(annotation -> annotation.annotationType().getAnnotation(HttpMethod.class))
                .filter(verb -> verb != null)
                .map(HttpMethod::value)
                .findAny()
                .orElseThrow();
    }

    private static String tail(JavaMethod method) {
        return method.isAnnotatedWith(Path.class)
                ? "/" + method.getAnnotationOfType(Path.class).value()
                : "";
    }

    private static String takes(JavaMethod method) {
        return method.isAnnotatedWith(Consumes.class)
                ? method.getAnnotationOfType(Consumes.class).value()[0]
                : ContentType.JSON.toString();
    }

    private static List<String> roles(JavaMethod method) {
        return List.of(method.getAnnotationOfType(RolesAllowed.class).value());
    }
}
