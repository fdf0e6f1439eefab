package io.perennial.auth.authorization.page;

import io.perennial.auth.authorization.page.Page.Frame;
import io.perennial.auth.authorization.page.Page.Notice;
import io.perennial.auth.authorization.page.Page.Tone;
import io.perennial.auth.tenant.TenantView;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Pages as answers: each with the headers that keep it from being framed, cached, sniffed or leaked. */
@ApplicationScoped
public class PageResponses {
    /** RFC 9700 asks for a year or more. */
    private static final String STRICT_TRANSPORT = "max-age=31536000; includeSubDomains";

    private static final String LIVE = "; script-src 'self'; connect-src 'self'";

    private final BrowserCookie cookie;

    PageResponses(BrowserCookie cookie) {
        this.cookie = cookie;
    }

    /** How far the address of a page may travel as a referrer. */
    public enum Referrer {
        SAME_ORIGIN("same-origin"),
        NONE("no-referrer");

        private final String policy;

        Referrer(String policy) {
            this.policy = policy;
        }
    }

    /**
     * A page.
     *
     * @param formTargets origins besides our own that a form on it may lead to
     */
    public Uni<Response.ResponseBuilder> page(
            int status, TemplateInstance template, Frame frame, Referrer referrer, Collection<String> formTargets) {
        return template.createUni().map(html -> headers(Response.status(status), frame, referrer, formTargets)
                .type(MediaType.TEXT_HTML_TYPE.withCharset("utf-8"))
                .header(HttpHeaders.CONTENT_LANGUAGE, frame.language())
                .entity(html));
    }

    /** A page with a script of ours that listens to us: it works without. */
    public Uni<Response.ResponseBuilder> livePage(
            TemplateInstance template, Frame frame, Collection<String> formTargets) {
        return page(200, template, frame, Referrer.SAME_ORIGIN, formTargets)
                .map(response -> response.header("Content-Security-Policy", null)
                        .header("Content-Security-Policy", policy(frame, formTargets) + LIVE));
    }

    /** A short message for somebody we know nothing about. */
    public Uni<Response> plain(int status, Language language, String title, String text) {
        return message(status, new Frame(language.tag(), language.texts(), null, null), title, text);
    }

    private Uni<Response> message(int status, Frame frame, String title, String text) {
        Notice notice = new Notice(frame, Tone.BAD, "refused", title, List.of(text), List.of(), null, null);
        return page(status, Page.Templates.notice(notice), frame, Referrer.NONE, List.of())
                .map(Response.ResponseBuilder::build);
    }

    /** For somebody who sets out for the provider again and again. */
    public Uni<Response> tooMany(Language language) {
        Texts texts = language.texts();
        return plain(429, language, texts.tooManyTitle(), texts.tooManyText());
    }

    /** For somebody who wants to authorize an application that is suspended. */
    public Uni<Response> paused(Language language, @Nullable TenantView tenant, @Nullable String reference) {
        Texts texts = language.texts();
        Frame frame = new Frame(language.tag(), texts, tenant, reference);
        return message(503, frame, texts.pausedTitle(), texts.pausedText());
    }

    /** Sends the browser on with a GET; 303, so that no form is sent to the provider (RFC 9700 4.12). */
    public Response onward(URI target, Referrer referrer) {
        // Not location(): that would complete one of our own addresses by the Host header, which anybody can forge.
        return Response.status(Response.Status.SEE_OTHER)
                .header(HttpHeaders.LOCATION, target.toString())
                .header("Referrer-Policy", referrer.policy)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    private Response.ResponseBuilder headers(
            Response.ResponseBuilder response, Frame frame, Referrer referrer, Collection<String> formTargets) {
        if (cookie.secure()) {
            response.header("Strict-Transport-Security", STRICT_TRANSPORT);
        }
        return response.header("Content-Security-Policy", policy(frame, formTargets))
                .header("Referrer-Policy", referrer.policy)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header("X-Frame-Options", "DENY")
                .header("Cross-Origin-Opener-Policy", "same-origin");
    }

    private static String policy(Frame frame, Collection<String> formTargets) {
        String targets =
                formTargets.stream().distinct().map(origin -> " " + origin).collect(Collectors.joining());
        String logo = frame.brand() == null || frame.brand().logoUrl() == null
                ? ""
                : " " + origin(URI.create(frame.brand().logoUrl()));
        return "default-src 'none'; style-src 'self'; img-src 'self'" + logo + "; form-action 'self'" + targets
                + "; base-uri 'none'; frame-ancestors 'none'";
    }

    /** Scheme, host and port. */
    public static String origin(URI uri) {
        return uri.getScheme() + "://" + uri.getRawAuthority();
    }
}
