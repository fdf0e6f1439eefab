package io.perennial.auth;

import static io.perennial.auth.Api.as;
import static io.restassured.RestAssured.given;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.perennial.testsupport.SandboxProcess;
import io.perennial.testsupport.TestClock;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.io.IOException;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every route with every role, with no token, and with the ids of a foreign tenant. */
@QuarkusTest
@WithPerennial(database = "auth", sandbox = true)
@WithTestResource(Keys.class)
class AccessTest {
    private static final List<String> ROLES = List.of("admin", "operator", "viewer", "token-reader", "link-issuer");
    private static final List<Route> ROUTES = routes();

    /** Of the deployment, not of a tenant. */
    private static final List<String> WITHOUT_TENANT = List.of("/api/apps", "/api/keys", "/api/outages");

    private static final Map<String, String> BODIES = Map.of(
            "/api/consent-reviews/{id}",
            "{\"decision\": \"REFUSE\"}",
            "/api/unclaimed-connections/{id}/assign",
            "{\"connectionId\": \"" + UUID.randomUUID() + "\"}");

    /** What a place in a body or a query can name, of a tenant that the caller may not see. */
    private record Foreign(String tenant, String connection) {}

    /** Every place in a body where a tenant or a thing of a tenant is named, and a body that names one there. */
    private static final Map<String, Function<Foreign, Object>> NAMED_IN_BODIES = Map.of(
            "POST /api/campaigns tenant",
            foreign -> Map.of("name", "Access", "reason", "ROLE_ADDED", "tenant", foreign.tenant()),
            "POST /api/campaigns connections",
            foreign -> Map.of(
                    "name",
                    "Access",
                    "reason",
                    "ROLE_ADDED",
                    "tenant",
                    "somebody-else",
                    "connections",
                    List.of(UUID.randomUUID().toString(), foreign.connection())),
            "POST /api/connections tenantId",
            foreign -> Api.connection(foreign.tenant(), "access"),
            "POST /api/consent-links connections",
            foreign -> Map.of("connections", List.of(foreign.connection())),
            "POST /api/reminder-links items.connectionId",
            foreign -> Map.of("items", List.of(Map.of("connectionId", foreign.connection(), "generation", 0))),
            "POST /api/unclaimed-connections/{id}/assign connectionId",
            foreign -> Map.of("connectionId", foreign.connection()),
            "POST /api/imports lines.tenantId",
            foreign -> "{\"tenantId\": \"" + foreign.tenant() + "\"}");

    /** The numbers of contacts are those of the connection in the path, and looked for nowhere else. */
    private static final String CONTACTS = "contacts.id";

    private record Route(String verb, String path, String takes, List<String> roles, List<String> names) {
        Response call(RequestSpecification caller, String id) {
            RequestSpecification request = caller.contentType(takes);
            String address =
                    path.replace("{version}", "1").replace("{region}", "EU").replaceAll("\\{[^/]*}", id);
            return verb.equals("GET") || verb.equals("DELETE")
                    ? request.request(verb, address)
                    : request.body(body().getBytes(StandardCharsets.UTF_8)).request(verb, address);
        }

        /** Enough to get as far as looking for the id. */
        private String body() {
            return BODIES.getOrDefault(path, "{}");
        }

        /** Where the ids of its kind are listed. */
        String kind() {
            return path.substring(0, path.indexOf("/{"));
        }

        boolean allows(String role) {
            return roles.contains(role);
        }

        String place(String name) {
            return verb + " " + path + " " + name;
        }

        String line() {
            return verb + " " + path + " " + String.join(",", roles);
        }
    }

    @Inject
    Pool pool;

    private Shop shop;
    private UUID connection;

    @BeforeEach
    void somebody_elses_connection() {
        shop = new Shop();
        connection = shop.connection("access", null);
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
        Map<String, String> foreignIds = somebodyElses();
        for (Route route : ROUTES) {
            if (!route.path().contains("{") || WITHOUT_TENANT.stream().anyMatch(route.path()::startsWith)) {
                continue;
            }
            for (String role : route.roles()) {
                Response foreign = route.call(as(role, "somebody-else"), foreignIds.get(route.kind()));
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
        foreignIds.forEach((kind, id) -> {
            if (kind.equals("/api/consent-reviews")) {
                assertThat(Api.admin().get(kind + "?limit=200").<List<String>>path("items.id"))
                        .contains(id);
            } else {
                Api.admin().get(kind + "/" + id).then().statusCode(200);
            }
        });
        forget(foreignIds);
    }

    /** An application's address or secret in the hands of one tenant's admin would open the tokens of all the others. */
    @Test
    void what_every_tenant_uses_is_changed_by_nobody_who_may_see_some_only() {
        String app = shop.application();
        String before = Api.admin().get("/api/apps/" + app).asString();
        SoftAssertions all = new SoftAssertions();
        for (Route route : ROUTES) {
            if (route.verb().equals("GET") || WITHOUT_TENANT.stream().noneMatch(route.path()::startsWith)) {
                continue;
            }
            for (String role : route.roles()) {
                for (String tenant : List.of("somebody-else", shop.tenant())) {
                    all.assertThat(route.call(as(role, tenant), app).statusCode())
                            .as("%s of %s: %s", role, tenant, route)
                            .isEqualTo(403);
                }
            }
        }
        all.assertAll();
        as("admin", shop.tenant())
                .body(Map.of("endpoints", Map.of("token", "http://127.0.0.1:1/auth/o2/token")))
                .patch("/api/apps/" + app)
                .then()
                .statusCode(403);
        assertThat(Api.admin().get("/api/apps/" + app).asString()).isEqualTo(before);
    }

    @Test
    void who_asks_for_foreign_ids_is_told_once_in_the_trail_of_their_owner() {
        String tenant = shop.tenant();
        Map<String, String> foreignIds = somebodyElses();
        List<String> told = new ArrayList<>(List.of(connection.toString()));
        for (int round = 0; round < 2; round++) {
            foreignIds.forEach((place, id) -> {
                as("operator", "somebody-else").get(place + "/" + id);
                as("operator", "somebody-else").delete(place + "/" + id);
            });
            as("operator", "somebody-else").get("/api/connections/" + UUID.randomUUID());
            as("operator", "somebody-else").get("/api/connections/1-1-1-1-1");
            as("operator", "somebody-else").get("/api/connections?tenant=%00%F0%9F%92%A5");
            as("operator", tenant).get("/api/connections/" + UUID.randomUUID());
            as("operator", tenant).get("/api/connections/" + connection);
            told.add(whenAllIsWritten());
        }

        Response trail = as("operator", tenant).get("/api/audit?kind=FOREIGN_ID_REFUSED");
        assertThat(trail.<List<String>>path("items.reason"))
                .containsExactlyInAnyOrder("CONNECTION", "CONNECTION", "CONNECTION", "CAMPAIGN", "IMPORT", "TENANT");
        assertThat(trail.<List<String>>path("items.connectionId")).containsOnlyOnceElementsOf(told);
        assertThat(trail.<String>path("items[0].actor")).isNotBlank();
        assertThat(trail.<String>path("items[0].origin")).isEqualTo("127.0.0.1");
        forget(foreignIds);
    }

    @Test
    void a_caller_who_tries_out_ids_leaves_no_more_than_a_hundred_lines_a_day() {
        String caller = "flood-" + UUID.randomUUID();
        execute(
                """
                insert into audit_entry (kind, actor, reason, occurred_at)
                select 'FOREIGN_ID_REFUSED', $1, 'CAMPAIGN', $2 from generate_series(1, 99)
                """,
                Tuple.of(caller, TestClock.shared().now().atOffset(ZoneOffset.UTC)));
        String token = token(caller, "operator");
        for (String id :
                List.of(connection.toString(), shop.connection("access-2", null).toString())) {
            given().auth().oauth2(token).get("/api/connections/" + id).then().statusCode(404);
        }
        whenAllIsWritten();

        Response trail = as("operator", "*").get("/api/audit?limit=200&kind=FOREIGN_ID_REFUSED&actor=" + caller);
        assertThat(trail.<List<?>>path("items")).hasSize(100);
    }

    /** Of a caller whom no other test knows, and who sees no tenant of a test. */
    private static String token(String caller, String role) {
        return given().formParam("grant_type", "client_credentials")
                .formParam("client_id", caller)
                .formParam("client_secret", "any")
                .formParam("scope", "perennial")
                .formParam("perennial_roles", role)
                .formParam("perennial_tenants", "somebody-else")
                .post(SandboxProcess.shared().issuerUrl() + "/token")
                .path("access_token");
    }

    @Test
    void what_bodies_and_queries_name_is_told_as_what_paths_name_and_answered_as_what_is_unknown() {
        String caller = "names-" + UUID.randomUUID();
        List<Told> told = new ArrayList<>();
        List<String> places = new ArrayList<>();
        SoftAssertions all = new SoftAssertions();
        for (Route route : ROUTES) {
            for (String name : route.names()) {
                Shop owner = shop.neighbour();
                Foreign foreign = new Foreign(
                        owner.tenant(), owner.connection("access", null).toString());
                Foreign unknown =
                        new Foreign("t-" + UUID.randomUUID(), UUID.randomUUID().toString());
                all.assertThat(send(asking(caller, route, name, foreign), route).statusCode())
                        .as(route.place(name))
                        .isLessThan(500)
                        .isEqualTo(send(asking(caller, route, name, unknown), route)
                                .statusCode());
                places.add(route.place(name));
                told.add(
                        name.toLowerCase(Locale.ROOT).contains("tenant")
                                ? new Told("TENANT", foreign.tenant(), null)
                                : new Told("CONNECTION", foreign.tenant(), foreign.connection()));
            }
        }
        all.assertAll();
        assertThat(places).containsAll(NAMED_IN_BODIES.keySet()).contains("GET /api/connections ?tenant");
        await().atMost(60, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(toldOf(caller)).containsExactlyInAnyOrderElementsOf(told));
    }

    private record Told(String reason, String tenant, String connection) {}

    private static List<Told> toldOf(String caller) {
        return Api.admin()
                .get("/api/audit?limit=200&kind=FOREIGN_ID_REFUSED&actor=" + caller)
                .<List<Map<String, String>>>path("items")
                .stream()
                .map(line -> new Told(line.get("reason"), line.get("tenantId"), line.get("connectionId")))
                .toList();
    }

    private static RequestSpecification asking(String caller, Route route, String name, Foreign named) {
        RequestSpecification request =
                given().auth().oauth2(token(caller, route.roles().get(0))).contentType(route.takes());
        if (name.startsWith("?")) {
            return request.queryParam(name.substring(1), name.equals("?tenant") ? named.tenant() : named.connection());
        }
        Function<Foreign, Object> body = NAMED_IN_BODIES.get(route.place(name));
        assertThat(body)
                .as("a body for %s, whose reader tells ForeignIds", route.place(name))
                .isNotNull();
        Object written = body.apply(named);
        return route.path().equals("/api/imports")
                ? request.contentType("application/x-ndjson")
                        .body(written.toString().getBytes(StandardCharsets.UTF_8))
                : request.body(written);
    }

    private static Response send(RequestSpecification request, Route route) {
        return request.request(
                route.verb(), route.path().replace("{id}", UUID.randomUUID().toString()));
    }

    /** What is asked for last is written with what was asked for before, or after it. */
    private String whenAllIsWritten() {
        String last = shop.connection("last-" + UUID.randomUUID(), null).toString();
        as("operator", "somebody-else").get("/api/connections/" + last).then().statusCode(404);
        await().atMost(60, TimeUnit.SECONDS).until(() -> !as("operator", shop.tenant())
                .get("/api/audit?kind=FOREIGN_ID_REFUSED&connection=" + last)
                .<List<?>>path("items")
                .isEmpty());
        return last;
    }

    @Test
    void r2_a_tenant_in_a_header_or_query_gives_no_rights() {
        for (String name : List.of("X-Tenant-Id", "X-Tenant", "Tenant-Id")) {
            as("operator", "somebody-else")
                    .header(name, shop.tenant())
                    .get("/api/connections/" + connection)
                    .then()
                    .statusCode(404);
        }
        for (String name : List.of("tenant", "tenantId", "tenants", "tenant_id")) {
            as("operator", "somebody-else")
                    .queryParam(name, shop.tenant())
                    .get("/api/connections/" + connection)
                    .then()
                    .statusCode(404);
            Response list = as("operator", "somebody-else")
                    .queryParam(name, shop.tenant())
                    .get("/api/connections");
            assertThat(list.statusCode()).isIn(200, 400);
            if (list.statusCode() == 200) {
                assertThat(list.<List<?>>path("items")).as(name).isEmpty();
            }
        }
    }

    /** CVE-2026-39852, CVE-2026-50559 and their kind: what security and routing could read differently, for every route. */
    @Test
    void every_route_written_in_a_dozen_ambiguous_ways_is_refused_even_to_who_may() {
        String token = SandboxProcess.shared().token("admin", "*");
        SoftAssertions all = new SoftAssertions();
        for (Route route : ROUTES) {
            String path = route.path().replaceAll("\\{[^/]*}", connection.toString());
            for (String written : List.of(
                    path + ";x",
                    path + ";/",
                    path + "%3Bx",
                    path + "%3b",
                    path + "%2F",
                    path + "%2f..",
                    path.replaceFirst("^/api/", "/api%2F"),
                    path.replaceFirst("^/api/", "/api%5C"),
                    path.replaceFirst("^/api/", "/api\\\\"),
                    "/" + path,
                    path.replaceFirst("^/api/", "/api//"),
                    path.replaceFirst("^/api/", "/api/./"),
                    path.replaceFirst("^/api/", "/api/x/%2e%2e/"),
                    path + "%00")) {
                int status = RawHttp.send(
                                route.verb() + " " + written,
                                List.of(
                                        "Host: localhost",
                                        "Authorization: Bearer " + token,
                                        "Content-Type: " + route.takes()),
                                "{}")
                        .status();
                all.assertThat(status).as("%s %s", route.verb(), written).isBetween(400, 499);
            }
        }
        all.assertAll();
    }

    /** One of each kind that has an id, of a tenant that the callers may not see. */
    private Map<String, String> somebodyElses() {
        String tenant = shop.tenant();
        String campaign = as("operator", tenant)
                .body(Map.of("name", "Access", "reason", "ROLE_ADDED", "tenant", tenant, "start", false))
                .post("/api/campaigns")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        String run = as("operator", tenant)
                .contentType("application/x-ndjson")
                .body("{}".getBytes(StandardCharsets.UTF_8))
                .post("/api/imports?dryRun=true")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        UUID review = UUID.randomUUID();
        execute(
                """
                insert into authorization_request (id, state_hash, browser_hash, tenant_id, connection_id, generation,
                    region, app_id, locale, status, started_at, expires_at, account_id)
                select $1::uuid, sha256($1::uuid::text::bytea), sha256('browser'), c.tenant_id, c.id, 0, c.region, c.app_id, 'en',
                       'AWAITING_REVIEW', $3::timestamptz, $3::timestamptz, 'A1ACCESS'
                  from connection c
                 where c.id = $2
                """,
                Tuple.of(review, connection, TestClock.shared().now().atOffset(ZoneOffset.UTC)));
        UUID unclaimed = UUID.randomUUID();
        execute(
                """
                insert into unclaimed_consent (id, reference, state_hash, browser_hash, app_id, provider, region,
                    account_id, locale, status, started_at, expires_at, granted_at, claim_until, data_key,
                    sealed_refresh_token)
                select $1::uuid, $1::uuid::text, sha256($1::uuid::text::bytea), sha256('browser'), c.app_id, c.provider, c.region,
                       'A1' || $1::uuid::text, 'en', 'WAITING', $3::timestamptz, $3::timestamptz, $3::timestamptz,
                       $3::timestamptz + interval '1 day', '?'::bytea, '?'::bytea
                  from connection c
                 where c.id = $2
                """,
                Tuple.of(unclaimed, connection, TestClock.shared().now().atOffset(ZoneOffset.UTC)));
        return Map.of(
                "/api/connections",
                connection.toString(),
                "/api/campaigns",
                campaign,
                "/api/imports",
                run,
                "/api/consent-reviews",
                review.toString(),
                "/api/unclaimed-connections",
                unclaimed.toString(),
                "/api/tenants",
                tenant);
    }

    /** Nothing could be done with them. */
    private void forget(Map<String, String> foreign) {
        execute(
                "delete from authorization_request where id = $1",
                Tuple.of(UUID.fromString(foreign.get("/api/consent-reviews"))));
        execute(
                "delete from unclaimed_consent where id = $1",
                Tuple.of(UUID.fromString(foreign.get("/api/unclaimed-connections"))));
    }

    private void execute(String sql, Tuple values) {
        pool.preparedQuery(sql).execute(values).await().atMost(Duration.ofMinutes(1));
    }

    @Test
    void the_trail_tells_who_did_it_from_where_and_only_to_those_who_may_see_it() {
        shop.link(connection);
        as("operator", "*").delete("/api/connections/" + connection).then().statusCode(204);

        Response trail = as("admin", "*").get("/api/audit?limit=1&connection=" + connection);
        assertThat(trail.<String>path("items[0].to")).isEqualTo("DISCONNECTED");
        assertThat(trail.<String>path("items[0].actor")).isNotBlank();
        assertThat(trail.<String>path("items[0].origin")).isEqualTo("127.0.0.1");
        assertThat(trail.<String>path("next")).isNotNull();
        Response rest =
                as("admin", "*").get("/api/audit?connection=" + connection + "&cursor=" + trail.<String>path("next"));
        assertThat(rest.<List<String>>path("items.kind")).contains("CONNECTION_CREATED", "LINK_ISSUED");
        assertThat(rest.<List<String>>path("items.origin")).containsOnly("127.0.0.1");
        assertThat(as("admin", "somebody-else")
                        .get("/api/audit?connection=" + connection)
                        .<List<?>>path("items"))
                .isEmpty();
        as("admin", "*").get("/api/audit?kind=NONSENSE").then().statusCode(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"update audit_entry set reason = null", "delete from audit_entry", "truncate audit_entry"})
    void the_trail_is_only_ever_added_to(String sql) {
        assertThatThrownBy(() -> execute(sql, Tuple.tuple())).hasMessageContaining("audit_entry is append-only");
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
                    found.add(
                            new Route(verb(method), base + tail(method), takes(method), roles(method), names(method)));
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

    /** Where a request to a method can name tenants and what belongs to them, but for its path. */
    private static List<String> names(JavaMethod method) {
        if (method.getFullName().contains("ImportResource.run(")) {
            return List.of("lines.tenantId");
        }
        List<String> names = new ArrayList<>();
        for (Parameter parameter : method.reflect().getParameters()) {
            Stream.concat(
                            Stream.of(parameter),
                            parameter.isAnnotationPresent(BeanParam.class)
                                    ? Arrays.stream(parameter.getType().getDeclaredFields())
                                    : Stream.of())
                    .map(place -> place.getAnnotation(QueryParam.class))
                    .filter(query -> query != null && namesOthers(query.value(), String.class))
                    .forEach(query -> names.add("?" + query.value()));
            if (parameter.getAnnotations().length == 0) {
                addNames("", parameter.getType(), names);
            }
        }
        names.remove(CONTACTS);
        return names;
    }

    private static void addNames(String place, Class<?> body, List<String> names) {
        if (!body.isRecord()) {
            return;
        }
        for (RecordComponent part : body.getRecordComponents()) {
            Class<?> type = part.getGenericType() instanceof ParameterizedType list
                            && list.getActualTypeArguments()[0] instanceof Class<?> entry
                    ? entry
                    : part.getType();
            if (namesOthers(part.getName(), type)) {
                names.add(place + part.getName());
            }
            addNames(place + part.getName() + ".", type, names);
        }
    }

    private static boolean namesOthers(String name, Class<?> type) {
        return type == UUID.class || type == String.class && name.matches("(?i)(tenant|connection|campaign|import).*");
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
