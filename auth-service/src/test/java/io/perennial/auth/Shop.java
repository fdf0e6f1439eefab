package io.perennial.auth;

import static io.perennial.auth.Api.admin;

import io.perennial.auth.Browser.Page;
import io.restassured.RestAssured;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A tenant with its application and connections, and the ways of a merchant through the pages. */
public final class Shop {
    private static String common;

    private final String tenant = "t" + UUID.randomUUID();
    private final String application;

    /** With the default application, which all tests share. */
    public Shop() {
        this(common());
    }

    private Shop(String application) {
        this.application = application;
    }

    /** With an application that no other test uses: what others left behind is not asked when the provider is in trouble. */
    public static Shop withApplicationOfItsOwn() {
        return new Shop(register(false));
    }

    /** Another tenant with the same application. */
    public Shop neighbour() {
        return new Shop(application);
    }

    /** Makes the default application, once a JVM, with the address at which this service runs now. */
    private static synchronized String common() {
        if (common == null) {
            common = register(true);
        }
        return common;
    }

    private static String register(boolean byDefault) {
        String back = base() + "/oauth/amazon/callback";
        return Api.app("AMAZON_SELLER", Amazon.register(back), Amazon.url(), back, byDefault);
    }

    public String tenant() {
        return tenant;
    }

    public String application() {
        return application;
    }

    public static String base() {
        return "http://localhost:" + RestAssured.port;
    }

    public UUID connection(String externalId, String expectedAccountId) {
        return connection(externalId, expectedAccountId, "EU", "A1PA6795UKMFR9");
    }

    public UUID connection(String externalId, String expectedAccountId, String region, String marketplace) {
        Map<String, Object> body = new HashMap<>(Api.connection(tenant, externalId));
        body.put("app", application);
        body.put("region", region);
        body.put("marketplaces", List.of(marketplace));
        if (expectedAccountId != null) {
            body.put("expectedAccountId", expectedAccountId);
        }
        return create(body);
    }

    public static UUID create(Map<String, Object> connection) {
        return UUID.fromString(admin().body(connection)
                .post("/api/connections")
                .then()
                .statusCode(201)
                .extract()
                .path("id"));
    }

    public URI link(UUID... connections) {
        String url = admin().body(Map.of("connections", List.of(connections)))
                .post("/api/consent-links")
                .then()
                .statusCode(201)
                .extract()
                .path("url");
        return URI.create(base() + URI.create(url).getPath());
    }

    /** Opens the link and presses the button: the address of Amazon's consent page. */
    public URI start(Browser browser, URI link) {
        Page landing = browser.get(link);
        Page redirect = browser.submit(landing, 0, Map.of());
        if (redirect.status() != 303) {
            throw new IllegalStateException("Not sent to Amazon: " + redirect.status() + " " + redirect.html());
        }
        return redirect.location();
    }

    /** Everything up to the address with which Amazon sends the browser back. */
    public URI consent(Browser browser, UUID connection, Amazon.Seller seller) {
        return browser.consent(start(browser, link(connection)), seller);
    }

    /** A whole consent; the last page. */
    public Page authorize(Browser browser, UUID connection, Amazon.Seller seller) {
        return browser.open(consent(browser, connection, seller));
    }

    /** A connection that works. */
    public UUID connected(String externalId, Amazon.Seller seller) {
        UUID connection = connection(externalId, seller.id());
        authorize(new Browser(), connection, seller);
        return connection;
    }

    public String state(UUID connection) {
        return get(connection, "state");
    }

    public <T> T get(UUID connection, String path) {
        return admin().get("/api/connections/" + connection)
                .then()
                .statusCode(200)
                .extract()
                .path(path);
    }
}
