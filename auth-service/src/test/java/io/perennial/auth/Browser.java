package io.perennial.auth;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A merchant's browser: keeps cookies, fills in forms, and follows redirects only when told to. */
public final class Browser {
    private static final Pattern FORM = Pattern.compile("<form([^>]*)>(.*?)</form>", Pattern.DOTALL);
    private static final Pattern INPUT = Pattern.compile("<input([^>]*)>", Pattern.DOTALL);
    private static final Pattern ATTRIBUTE = Pattern.compile("([\\w-]+)=\"([^\"]*)\"");

    private final CookieManager cookies = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
    private final HttpClient http =
            HttpClient.newBuilder().cookieHandler(cookies).build();
    private final String language;

    public Browser() {
        this("en");
    }

    /** One that speaks a language, or (null) does not say which. */
    public Browser(String language) {
        this.language = language;
    }

    /** A page, or a redirect that was not followed. */
    public record Page(URI address, HttpResponse<String> response) {
        public int status() {
            return response.statusCode();
        }

        public String html() {
            return response.body();
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        public URI location() {
            return address.resolve(header("location"));
        }

        /** A hidden field of the n-th form; empty if it has none of this name. */
        public String field(int form, String name) {
            return forms().get(form).fields().getOrDefault(name, "");
        }

        List<Form> forms() {
            List<Form> forms = new ArrayList<>();
            Matcher matcher = FORM.matcher(html());
            while (matcher.find()) {
                Map<String, String> fields = new LinkedHashMap<>();
                Matcher inputs = INPUT.matcher(matcher.group(2));
                while (inputs.find()) {
                    Map<String, String> attributes = attributes(inputs.group(1));
                    if ("hidden".equals(attributes.get("type"))) {
                        fields.put(attributes.get("name"), attributes.getOrDefault("value", ""));
                    }
                }
                forms.add(new Form(
                        address.resolve(attributes(matcher.group(1)).getOrDefault("action", address.toString())),
                        fields));
            }
            return forms;
        }
    }

    record Form(URI action, Map<String, String> fields) {}

    /** A parameter of an address, as it is written there. */
    public static String parameter(URI address, String name) {
        for (String pair : address.getRawQuery().split("&")) {
            if (pair.startsWith(name + "=")) {
                return pair.substring(name.length() + 1);
            }
        }
        throw new IllegalStateException("No " + name);
    }

    /** What this browser would send as the cookie header. */
    public String cookies(URI address) {
        return cookies.getCookieStore().get(address).stream()
                .map(cookie -> cookie.getName() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));
    }

    public Page get(URI address, String... headers) {
        return send(HttpRequest.newBuilder(address).GET(), address, headers);
    }

    public Page get(String address) {
        return get(URI.create(address));
    }

    /** Follows redirects until there is a page. */
    public Page open(URI address) {
        Page page = get(address);
        while (page.status() / 100 == 3) {
            page = get(page.location());
        }
        return page;
    }

    /** Sends the n-th form of a page with these fields besides its hidden ones; stops at a redirect. */
    public Page submit(Page page, int form, Map<String, String> fields, String... headers) {
        Form sent = page.forms().get(form);
        Map<String, String> all = new LinkedHashMap<>(sent.fields());
        all.putAll(fields);
        return post(sent.action(), all, headers);
    }

    public Page post(URI address, Map<String, String> fields, String... headers) {
        String body = fields.entrySet().stream()
                .map(field -> URLEncoder.encode(field.getKey(), StandardCharsets.UTF_8) + "="
                        + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(
                HttpRequest.newBuilder(address)
                        .header("content-type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(body)),
                address,
                headers);
    }

    /** From Amazon's consent page to the redirect back, which is not followed. */
    public URI consent(URI consentPage, Amazon.Seller seller) {
        Page page = open(consentPage);
        if (page.html().contains("sign-in-form")) {
            page = submit(page, 0, Map.of("email", seller.email(), "password", seller.password()));
            page = page.status() / 100 == 3 ? open(page.location()) : page;
        }
        Page back = submit(page, 0, Map.of("consent", "yes", "action", "confirm"));
        if (back.status() / 100 != 3) {
            throw new IllegalStateException("Amazon does not send back: " + back.html());
        }
        return back.location();
    }

    private Page send(HttpRequest.Builder request, URI address, String... headers) {
        if (language != null) {
            request.header("accept-language", language);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            return new Page(address, http.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> attributes(String tag) {
        Map<String, String> attributes = new LinkedHashMap<>();
        Matcher matcher = ATTRIBUTE.matcher(tag);
        while (matcher.find()) {
            attributes.put(matcher.group(1), unescape(matcher.group(2)));
        }
        return attributes;
    }

    private static String unescape(String text) {
        return text.replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&");
    }
}
