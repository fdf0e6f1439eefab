package io.perennial.merchants;

import io.perennial.launcher.LauncherException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.jsoup.Connection;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.FormElement;

/** What a page's form sends when one of its buttons is pressed. */
public record Form(URI action, boolean post, String body) {
    /** The form of that button, as it is filled in. */
    public static Form of(Document page, Element button) {
        if (!(button.closest("form") instanceof FormElement form)) {
            throw new LauncherException(button.id() + " is in no form");
        }
        List<Connection.KeyVal> fields = form.formData();
        if (!button.attr("name").isEmpty()) {
            fields.removeIf(field -> field.key().equals(button.attr("name")));
            fields.add(org.jsoup.helper.HttpConnection.KeyVal.create(button.attr("name"), button.attr("value")));
        }
        String body = fields.stream()
                .map(field -> encode(field.key()) + "=" + encode(field.value()))
                .collect(Collectors.joining("&"));
        URI action = URI.create(form.hasAttr("action") ? form.absUrl("action") : page.location());
        return new Form(action, form.attr("method").equalsIgnoreCase("post"), body);
    }

    /** The request of a browser that is on the page. */
    public HttpRequest.Builder request(URI page) {
        if (!post) {
            return HttpRequest.newBuilder(URI.create(action + "?" + body)).GET();
        }
        return HttpRequest.newBuilder(action)
                .header("content-type", "application/x-www-form-urlencoded")
                .header("sec-fetch-site", "same-origin")
                .header("origin", page.getScheme() + "://" + page.getAuthority())
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
