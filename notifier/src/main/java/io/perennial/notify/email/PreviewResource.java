package io.perennial.notify.email;

import io.perennial.contracts.ReminderKind;
import io.perennial.problem.ProblemException;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Shows what each kind of mail looks like, on a made-up connection. */
@Path("/api/reminders/previews")
class PreviewResource {
    // The page is a mail: it may style itself and show the brand's logo, and do nothing else.
    private static final String POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; img-src https:; form-action 'none'; frame-ancestors 'self'";

    private final Mails mails;
    private final MailLayout layout;

    PreviewResource(Mails mails, MailLayout layout) {
        this.mails = mails;
        this.layout = layout;
    }

    @GET
    @Path("/{kind}")
    @Produces(MediaType.TEXT_HTML)
    @RolesAllowed({"admin", "operator"})
    public Response preview(@PathParam("kind") String kind, @QueryParam("locale") @Nullable String locale) {
        MailContent content = mails.write(SampleOrders.of(kind(kind), locale));
        return Response.ok(layout.lay(content).html())
                .header("Content-Security-Policy", POLICY)
                .header("Cache-Control", "no-store")
                .build();
    }

    private static ReminderKind kind(String name) {
        return Arrays.stream(ReminderKind.values())
                .filter(kind -> kind.name().equals(name.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(ProblemException::notFound);
    }
}
