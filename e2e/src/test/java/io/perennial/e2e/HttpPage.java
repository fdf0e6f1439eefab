package io.perennial.e2e;

import io.perennial.merchants.Form;
import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

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
    public void choose(String css, String value) {
        Element select = one(css);
        select.select("option").removeAttr("selected");
        select.select("option[value=" + value + "]").attr("selected", "selected");
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
        send(Form.of(document, pressed).request(location));
    }

    @Override
    public String url() {
        return location.toString();
    }

    @Override
    public boolean lives() {
        return false;
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
}
