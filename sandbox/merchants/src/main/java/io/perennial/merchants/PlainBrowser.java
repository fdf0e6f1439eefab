package io.perennial.merchants;

import io.perennial.launcher.LauncherException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/** One browser of very many: cookies and forms are its own, connections are everybody's; redirects are left to the caller. */
final class PlainBrowser {
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final Map<String, Map<String, String>> cookiesOfHosts = new ConcurrentHashMap<>();

    /** An answer where it came from; what it redirects to is {@code next}. */
    record Answer(URI address, int status, @Nullable URI next, String body) {
        Document page() {
            return Jsoup.parse(body, address.toString());
        }

        boolean redirects() {
            return next != null;
        }
    }

    Answer open(URI address) throws IOException {
        return send(HttpRequest.newBuilder(address).GET());
    }

    /** Presses a button; a form that is sent nowhere else goes to where its page came from. */
    Answer press(Document page, String button) throws IOException {
        Element pressed = page.selectFirst(button);
        if (pressed == null) {
            throw new LauncherException("no " + button + " on " + page.location() + ": " + page.text());
        }
        return send(Form.of(page, pressed).request(URI.create(page.location())));
    }

    private Answer send(HttpRequest.Builder building) throws IOException {
        HttpRequest bare = building.timeout(Duration.ofSeconds(60)).build();
        Map<String, String> cookies =
                cookiesOfHosts.computeIfAbsent(bare.uri().getHost(), host -> new ConcurrentHashMap<>());
        if (!cookies.isEmpty()) {
            building.header(
                    "cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        try {
            HttpResponse<String> answer = CLIENT.send(building.build(), HttpResponse.BodyHandlers.ofString());
            for (String cookie : answer.headers().allValues("set-cookie")) {
                String[] pair = cookie.split(";", 2)[0].split("=", 2);
                cookies.put(pair[0], pair[1].replaceAll("^\"|\"$", ""));
            }
            URI next = answer.headers()
                    .firstValue("location")
                    .map(location -> answer.uri().resolve(location))
                    .orElse(null);
            return new Answer(answer.uri(), answer.statusCode(), next, answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException("interrupted", e);
        }
    }
}
