package io.perennial.fetch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perennial.testsupport.SandboxProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Amazon, as the sandbox plays it: a seller gives consent to an application of the test's own, so quotas are its own. */
public final class Amazon {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern HIDDEN =
            Pattern.compile("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\">");
    private static final Pattern ACTION = Pattern.compile("<form method=\"post\" action=\"([^\"]+)\"");
    private static final String CALLBACK = "http://localhost:8081/oauth/amazon/callback";

    private final HttpClient browser = HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private final String base = SandboxProcess.shared().baseUrl();

    public record App(String id, String clientId, String clientSecret) {}

    public record Seller(
            String id, String email, String password, String region, List<String> marketplaces, String country) {}

    public App newApp() {
        return app("");
    }

    private App app(String kind) {
        String body =
                """
                {%s"name":"Test","redirectUris":["%s"],"loginUri":"%s","published":true}
                """
                        .formatted(kind, CALLBACK, CALLBACK);
        JsonNode app = json(post("/sandbox/apps", "application/json", body));
        return new App(
                app.get("applicationId").asText(),
                app.get("clientId").asText(),
                app.get("clientSecret").asText());
    }

    /** An application of the Ads API. */
    public App newAdsApp() {
        return app("\"kind\":\"ADS\",");
    }

    /** The seller lets the application advertise for him, without a browser; gives the refresh token. */
    public String letAdvertise(Seller seller, App app) {
        return json(post(
                        "/sandbox/sellers/" + seller.id() + "/self-authorize",
                        "application/json",
                        "{\"applicationId\":\"" + app.id() + "\"}"))
                .get("refreshToken")
                .asText();
    }

    public String adsEndpoint(String region) {
        return base + "/ads-api/" + region.toLowerCase(java.util.Locale.ROOT);
    }

    /** Ids of the profiles that the seller may edit in his region. */
    public List<String> profiles(Seller seller) {
        return StreamSupport.stream(json(get("/sandbox/advertisers")).spliterator(), false)
                .filter(login -> login.get("loginId").asText().equals(seller.id()))
                .flatMap(login -> StreamSupport.stream(login.get("profiles").spliterator(), false))
                .filter(profile -> profile.get("region").asText().equals(seller.region()))
                .map(profile -> profile.get("profileId").asText())
                .toList();
    }

    public void withdraw(Seller seller, String profile) {
        HttpResponse<String> answer = post(
                "/sandbox/advertisers/" + seller.id() + "/profiles/" + profile + "/withdraw", "application/json", "");
        if (answer.statusCode() >= 300) {
            throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
    }

    /** The seller of that number in the region, of those of usual size; if there are not so many, more are made. */
    public Seller seller(String region, int number) {
        return existing(region, number).orElseGet(() -> {
            post("/sandbox/sellers?count=45", "application/json", "");
            return existing(region, number).orElseThrow();
        });
    }

    private Optional<Seller> existing(String region, int number) {
        return StreamSupport.stream(json(get("/sandbox/sellers")).spliterator(), false)
                .filter(json -> json.get("region").asText().equals(region))
                .filter(json -> json.get("ordersPerDay").asInt() < 10)
                .skip(number)
                .findFirst()
                .map(json -> new Seller(
                        json.get("sellerId").asText(),
                        json.get("email").asText(),
                        json.get("password").asText(),
                        region,
                        texts(json.get("marketplaces")),
                        json.get("countries").get(0).asText()));
    }

    /** The seller consents; gives the refresh token. */
    public String consent(Seller seller, App app) {
        String address = "/seller-central/" + seller.country() + "/apps/authorize/consent?"
                + form(Map.of("application_id", app.id(), "state", "s", "redirect_uri", CALLBACK));
        HttpResponse<String> page = get(address);
        if (page.body().contains("sign-in-form")) {
            Map<String, String> fields = hidden(page);
            fields.put("email", seller.email());
            fields.put("password", seller.password());
            page = get(location(postForm(action(page), fields)));
        }
        Map<String, String> fields = hidden(page);
        fields.put("action", "confirm");
        fields.put("consent", "yes");
        String callback = location(postForm(action(page), fields));
        Matcher code = Pattern.compile("spapi_oauth_code=([^&]+)").matcher(callback);
        if (!code.find()) {
            throw new AssertionError("no code in " + callback);
        }
        Map<String, String> exchange = new LinkedHashMap<>();
        exchange.put("grant_type", "authorization_code");
        exchange.put("code", URLDecoder.decode(code.group(1), StandardCharsets.UTF_8));
        exchange.put("redirect_uri", CALLBACK);
        exchange.put("client_id", app.clientId());
        exchange.put("client_secret", app.clientSecret());
        return json(postForm("/auth/o2/token", exchange)).get("refresh_token").asText();
    }

    public String accessToken(String refreshToken, App app) {
        return json(postForm(
                        "/auth/o2/token",
                        Map.of(
                                "grant_type",
                                "refresh_token",
                                "refresh_token",
                                refreshToken,
                                "client_id",
                                app.clientId(),
                                "client_secret",
                                app.clientSecret())))
                .get("access_token")
                .asText();
    }

    public String apiEndpoint(String region) {
        return base + "/sp-api/" + region.toLowerCase(java.util.Locale.ROOT);
    }

    public void injectOrders(Seller seller, int count, Instant from, Instant to) {
        post(
                "/sandbox/sellers/" + seller.id() + "/orders?"
                        + form(Map.of("count", "" + count, "from", from.toString(), "to", to.toString())),
                "application/json",
                "");
    }

    /** Ids of all orders last updated in the window, as they are now. */
    public Set<String> truth(Seller seller, Instant from, Instant to) {
        JsonNode orders = json(get("/sandbox/orders?"
                + form(Map.of(
                        "seller", seller.id(), "updatedAfter", from.toString(), "updatedBefore", to.toString()))));
        Set<String> ids = new TreeSet<>();
        orders.forEach(order -> ids.add(order.get("orderId").asText()));
        return ids;
    }

    /** Ids of orders last updated after the instant and until the other. */
    public Set<String> truthAfter(Seller seller, Instant after, Instant to) {
        return truth(seller, after.plusNanos(1000), to);
    }

    /** How often searchOrders was answered so for the seller, by status. */
    public Map<Integer, Long> calls(Seller seller, String application) {
        return answers(seller, "searchOrders");
    }

    /** How often the operation was answered so for the seller, by status. */
    public Map<Integer, Long> answers(Seller seller, String operation) {
        return get("/sandbox/log")
                .body()
                .lines()
                .map(Amazon::parse)
                .filter(line -> line.path("operation").asText().equals(operation))
                .filter(line -> line.path("seller").asText().equals(seller.id()))
                .collect(Collectors.groupingBy(line -> line.path("status").asInt(), Collectors.counting()));
    }

    /** The integrator subscribes to the seller's order changes for the application, or no longer. */
    public void orderChanges(Seller seller, App app, boolean subscribed) {
        HttpRequest.Builder request =
                request("/sandbox/sellers/" + seller.id() + "/subscriptions/ORDER_CHANGE/" + app.id());
        HttpResponse<String> answer = send(subscribed ? request.PUT(BodyPublishers.noBody()) : request.DELETE());
        if (answer.statusCode() != 204) {
            throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
    }

    public void faults(String json) {
        HttpResponse<String> answer = send(request("/sandbox/faults")
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(json)));
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.body());
        }
    }

    private HttpResponse<String> get(String path) {
        return send(request(path).GET());
    }

    private HttpResponse<String> postForm(String path, Map<String, String> fields) {
        return post(path, "application/x-www-form-urlencoded;charset=UTF-8", form(fields));
    }

    private HttpResponse<String> post(String path, String type, String body) {
        return send(request(path).header("Content-Type", type).POST(BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(path.startsWith("http") ? path : base + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return browser.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private static Map<String, String> hidden(HttpResponse<String> page) {
        Map<String, String> fields = new LinkedHashMap<>();
        Matcher matcher = HIDDEN.matcher(page.body());
        while (matcher.find()) {
            fields.put(matcher.group(1), matcher.group(2).replace("&amp;", "&"));
        }
        return fields;
    }

    private static String action(HttpResponse<String> page) {
        Matcher matcher = ACTION.matcher(page.body());
        if (!matcher.find()) {
            throw new AssertionError("no form in " + page.statusCode());
        }
        return matcher.group(1);
    }

    private static String location(HttpResponse<String> answer) {
        return answer.headers()
                .firstValue("Location")
                .orElseThrow(() -> new AssertionError("no redirect but " + answer.statusCode()));
    }

    private static JsonNode json(HttpResponse<String> answer) {
        if (answer.statusCode() >= 300) {
            throw new AssertionError(answer.uri().getPath() + ": " + answer.statusCode() + " " + answer.body());
        }
        return parse(answer.body());
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
