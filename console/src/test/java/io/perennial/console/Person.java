package io.perennial.console;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Somebody with a browser that has no scripts: keeps cookies, follows redirects, fills in forms. */
public final class Person {
    private static final Pattern CSRF = Pattern.compile("name=\"csrf-token\" value=\"([^\"]+)\"");

    private final URI base;
    private final HttpClient client = HttpClient.newBuilder()
            .cookieHandler(new CookieManager(null, CookiePolicy.ACCEPT_ALL))
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private Person(URI base) {
        this.base = base;
    }

    public static Person stranger(URI base) {
        return new Person(base);
    }

    /** Signs in at the issuer by its login page. */
    public static Person signedIn(URI base, String name, List<String> roles, List<String> tenants) {
        Person person = new Person(base);
        HttpResponse<String> login = person.get("/");
        String claims = "{\"roles\":" + json(roles) + ",\"tenants\":" + json(tenants) + ",\"preferred_username\":\""
                + name + "\"}";
        HttpResponse<String> home = person.send(HttpRequest.newBuilder(login.uri())
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form(Map.of("username", name, "claims", claims)))));
        if (home.statusCode() != 200 || !home.uri().getAuthority().equals(base.getAuthority())) {
            throw new AssertionError("no sign-in: " + home.statusCode() + " at " + home.uri());
        }
        return person;
    }

    public HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(base.resolve(path)));
    }

    public HttpResponse<String> get(String path, String header, String value) {
        return send(HttpRequest.newBuilder(base.resolve(path)).header(header, value));
    }

    /** Sends a form with the token that the page at {@code from} holds. */
    public HttpResponse<String> submit(String from, String action, Map<String, String> fields) {
        return submit(from, action, fields, "same-origin");
    }

    public HttpResponse<String> submit(String from, String action, Map<String, String> fields, String site) {
        Matcher token = CSRF.matcher(get(from).body());
        if (!token.find()) {
            throw new AssertionError("no form at " + from);
        }
        Map<String, String> all = new java.util.LinkedHashMap<>(fields);
        all.put("csrf-token", token.group(1));
        return post(action, all, site);
    }

    public HttpResponse<String> post(String action, Map<String, String> fields, String site) {
        return send(HttpRequest.newBuilder(base.resolve(action))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Sec-Fetch-Site", site)
                .POST(HttpRequest.BodyPublishers.ofString(form(fields))));
    }

    /** Listens to server-sent events; each element is one line of the stream. */
    public BlockingQueue<String> listen(String path) {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        try {
            HttpResponse<InputStream> stream =
                    client.send(HttpRequest.newBuilder(base.resolve(path)).build(), BodyHandlers.ofInputStream());
            lines.add("status:" + stream.statusCode());
            Thread reader = new Thread(() -> read(stream.body(), lines), "listener");
            reader.setDaemon(true);
            reader.start();
            return lines;
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    public static String awaitLine(BlockingQueue<String> lines, String part) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        try {
            while (true) {
                String line = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (line == null) {
                    throw new AssertionError("no line with " + part);
                }
                if (line.contains(part)) {
                    return line;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static void read(InputStream body, BlockingQueue<String> lines) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add("closed");
        }
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String json(List<String> values) {
        return values.stream().map(value -> "\"" + value + "\"").collect(Collectors.joining(",", "[", "]"));
    }
}
