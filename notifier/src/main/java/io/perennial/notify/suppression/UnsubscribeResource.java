package io.perennial.notify.suppression;

import io.perennial.notify.email.UnsubscribePages;
import io.perennial.notify.suppression.Suppressions.News;
import io.perennial.service.Shielded;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;

/**
 * {@code /unsubscribe/{capability}}: looking at it changes nothing (mail scanners look), a POST suppresses the mailbox of the
 * mail. Mail programs post {@code List-Unsubscribe=One-Click} (RFC 8058), the page's button nothing: whoever has the address
 * may.
 */
@Path("/unsubscribe/{capability}")
@Produces(MediaType.TEXT_HTML)
@PermitAll
class UnsubscribeResource {
    private static final String POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private final Unsubscribing unsubscribing;
    private final Suppressions suppressions;
    private final UnsubscribePages pages;

    UnsubscribeResource(Unsubscribing unsubscribing, Suppressions suppressions, UnsubscribePages pages) {
        this.unsubscribing = unsubscribing;
        this.suppressions = suppressions;
        this.pages = pages;
    }

    @GET
    public Response ask(@PathParam("capability") String capability, @Context HttpHeaders headers) {
        String language = language(headers);
        return unsubscribing.read(capability).isPresent()
                ? page(200, pages.ask(language))
                : page(404, pages.unknown(language));
    }

    @POST
    @Consumes(MediaType.WILDCARD)
    public Uni<Response> unsubscribe(@PathParam("capability") String capability, @Context HttpHeaders headers) {
        String language = language(headers);
        Optional<Unsubscribing.Named> named = unsubscribing.read(capability);
        if (named.isEmpty()) {
            return Uni.createFrom().item(page(404, pages.unknown(language)));
        }
        News news = News.unsubscribed(named.get().reminderId(), named.get().mailbox());
        return Shielded.uni(() -> suppressions.add(news, null))
                .map(id -> id == null ? page(404, pages.unknown(language)) : page(200, pages.done(language)));
    }

    private static String language(HttpHeaders headers) {
        return headers.getAcceptableLanguages().get(0).toLanguageTag();
    }

    private static Response page(int status, String html) {
        return Response.status(status)
                .entity(html)
                .header("Content-Security-Policy", POLICY)
                .header("Referrer-Policy", "no-referrer")
                .header("X-Content-Type-Options", "nosniff")
                .header("X-Frame-Options", "DENY")
                .header("X-Robots-Tag", "noindex")
                .header("Cache-Control", "no-store")
                .build();
    }
}
