package io.perennial.e2e;

import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jsoup.Connection;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.FormElement;

/** Forms and links without a browser: cookies are kept, redirects followed, scripts not run. */
final class HttpPage implements Page {
    private final HttpClient client = HttpClient.newBuilder()
            .cookieHandler(new CookieManager(null, CookiePolicy.ACCEPT_ALL))
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private Document document = new Document("");
    private URI location = URI.create("about:blank");

    @Override
    public void open(String url) {
        send(HttpRequest.newBuilder(URI.create(url)).GET());
    }

    @Override
    public boolean has(String css) {
        return !document.select(css).isEmpty();
    }

    @Override
    public String text(String css) {
        return one(css).text();
    }

    @Override
    public String attribute(String css, String name) {
        return one(css).attr(name);
    }

    @Override
    public void fill(String css, String value) {
        one(css).val(value);
    }

    @Override
    public void tick(String css) {
        one(css).attr("checked", "checked");
    }

    @Override
    public void press(String css) {
        Element pressed = one(css);
        if (pressed.normalName().equals("a")) {
            open(pressed.absUrl("href"));
            return;
        }
        FormElement form = (FormElement) pressed.closest("form");
        if (form == null) {
            throw new AssertionError(css + " is in no form");
        }
        List<Connection.KeyVal> fields = form.formData();
        if (!pressed.attr("name").isEmpty()) {
            fields.removeIf(field -> field.key().equals(pressed.attr("name")));
            fields.add(org.jsoup.helper.HttpConnection.KeyVal.create(pressed.attr("name"), pressed.attr("value")));
        }
        String body = fields.stream()
                .map(field -> encode(field.key()) + "=" + encode(field.value()))
                .collect(Collectors.joining("&"));
        String action = form.hasAttr("action") ? form.absUrl("action") : location.toString();
        if (form.attr("method").equalsIgnoreCase("post")) {
            send(HttpRequest.newBuilder(URI.create(action))
                    .header("content-type", "application/x-www-form-urlencoded")
                    .header("sec-fetch-site", "same-origin")
                    .header("origin", location.getScheme() + "://" + location.getAuthority())
                    .POST(HttpRequest.BodyPublishers.ofString(body)));
        } else {
            open(action + "?" + body);
        }
    }

    @Override
    public String url() {
        return location.toString();
    }

    @Override
    public void close() {
        // nothing is open between two requests
    }

    private Element one(String css) {
        Element found = document.selectFirst(css);
        if (found == null) {
            throw new AssertionError("No " + css + " on " + location.getPath() + ": " + document.text());
        }
        return found;
    }

    private void send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer =
                    client.send(request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
            location = answer.uri();
            for (HttpResponse<String> step = answer;
                    step != null;
                    step = step.previousResponse().orElse(null)) {
                Trail.visited(step.uri().toString());
            }
            document = Jsoup.parse(answer.body(), location.toString());
        } catch (IOException e) {
            throw new AssertionError("No answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted", e);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
