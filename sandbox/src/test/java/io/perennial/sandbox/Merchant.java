package io.perennial.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A person with a browser of their own: fills in the plain forms of the central pages. */
public final class Merchant {

    private static final Pattern HIDDEN =
            Pattern.compile("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\">");
    private static final Pattern FORM_ACTION = Pattern.compile("<form method=\"post\" action=\"([^\"]+)\"");

    public final Http browser = new Http();
    private final Amazon.Seller seller;
    private final String central;

    public Merchant(Amazon.Seller seller) {
        this(seller, "/seller-central/" + seller.country());
    }

    public Merchant(Amazon.Seller seller, String central) {
        this.seller = seller;
        this.central = central;
    }

    /** Where the browser arrives at the application. */
    public record Callback(String address, Map<String, String> parameters) {

        public String code() {
            return parameters.get("spapi_oauth_code");
        }
    }

    public String consentAddress(Amazon.App app, Map<String, String> more) {
        Map<String, String> parameters = new HashMap<>(more);
        parameters.put("application_id", app.id());
        return central + "/apps/authorize/consent?" + Http.encode(parameters);
    }

    public Callback consent(Amazon.App app, String state) {
        String address = consentAddress(app, Map.of("state", state, "redirect_uri", Amazon.CALLBACK));
        HttpResponse<String> page = browser.get(address);
        if (page.body().contains("sign-in-form")) {
            page = browser.get(location(signIn(page)));
        }
        return callback(decide(page, "confirm", true));
    }

    public HttpResponse<String> signIn(HttpResponse<String> page) {
        return signIn(page, seller.email(), seller.password());
    }

    public HttpResponse<String> signIn(HttpResponse<String> page, String email, String password) {
        Map<String, String> form = hidden(page);
        form.put("email", email);
        form.put("password", password);
        return browser.postForm(action(page), form);
    }

    public HttpResponse<String> decide(HttpResponse<String> page, String action, boolean ticked) {
        Map<String, String> form = hidden(page);
        form.put("action", action);
        if (ticked) {
            form.put("consent", "yes");
        }
        return browser.postForm(action(page), form);
    }

    public HttpResponse<String> signedInPage(String address) {
        HttpResponse<String> page = browser.get(address);
        return page.body().contains("sign-in-form") ? browser.get(location(signIn(page))) : page;
    }

    public HttpResponse<String> manage() {
        return signedInPage(central + "/apps/manage");
    }

    public static String location(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(303);
        return response.headers().firstValue("Location").orElseThrow();
    }

    public static Callback callback(HttpResponse<String> response) {
        URI address = URI.create(location(response));
        Map<String, String> parameters = Arrays.stream(address.getRawQuery().split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
        return new Callback(address.toString().replaceAll("\\?.*", ""), parameters);
    }

    public static Map<String, String> hidden(HttpResponse<String> page) {
        Map<String, String> fields = new HashMap<>();
        Matcher matcher = HIDDEN.matcher(page.body());
        while (matcher.find()) {
            fields.put(matcher.group(1), matcher.group(2).replace("&amp;", "&"));
        }
        return fields;
    }

    public static String action(HttpResponse<String> page) {
        Matcher matcher = FORM_ACTION.matcher(page.body());
        assertThat(matcher.find()).as(page.body()).isTrue();
        return matcher.group(1);
    }
}
