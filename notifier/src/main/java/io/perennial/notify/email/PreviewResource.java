package io.perennial.notify.email;

import io.perennial.problem.ProblemException;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** Shows what each kind of mail looks like, on a made-up connection. */
@Path("/api/reminders/previews")
class PreviewResource {
    // The page is a mail: it may style itself and show the brand's logo, and do nothing else.
    private static final String POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; img-src https:; form-action 'none'; frame-ancestors 'self'";

    private final Samples samples;
    private final MailLayout layout;

    PreviewResource(Samples samples, MailLayout layout) {
        this.samples = samples;
        this.layout = layout;
    }

    @GET
    @Path("/{kind}")
    @Produces(MediaType.TEXT_HTML)
    @RolesAllowed({"admin", "operator"})
    public Response preview(@PathParam("kind") String kind, @QueryParam("locale") @Nullable String locale) {
        return Response.ok(layout.lay(sample(kind, locale)).html())
                .header("Content-Security-Policy", POLICY)
                .header("Cache-Control", "no-store")
                .build();
    }

    /** What a program shows that shows no HTML, with the subject in its first line. */
    @GET
    @Path("/{kind}/text")
    @Produces(MediaType.TEXT_PLAIN + ";charset=UTF-8")
    @RolesAllowed({"admin", "operator"})
    public Response text(@PathParam("kind") String kind, @QueryParam("locale") @Nullable String locale) {
        MailContent content = sample(kind, locale);
        return Response.ok("Subject: " + content.subject() + "\n\n"
                        + layout.lay(content).text())
                .header("Cache-Control", "no-store")
                .build();
    }

    private MailContent sample(String kind, @Nullable String locale) {
        return samples.of(kind, locale).orElseThrow(ProblemException::notFound);
    }
}
