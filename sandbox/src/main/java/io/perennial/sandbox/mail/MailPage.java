package io.perennial.sandbox.mail;

import io.perennial.sandbox.control.Refusal;
import io.quarkus.qute.TemplateInstance;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Objects;

@Path("/mails")
@Produces(MediaType.TEXT_HTML)
class MailPage {

    record Inbox(List<Mail> mails) implements TemplateInstance {}

    record OneMail(Mail mail) implements TemplateInstance {}

    private static final int SHOWN = 500;

    private final Mails mails;

    MailPage(Mails mails) {
        this.mails = mails;
    }

    @GET
    public String inbox() {
        return new Inbox(mails.newest(SHOWN)).render();
    }

    @GET
    @Path("/{id}")
    public String mail(long id) {
        return new OneMail(get(id)).render();
    }

    /** The mail's own HTML: no scripts, no forms, no access to this origin; its links open in a window of their own. */
    @GET
    @Path("/{id}/html")
    public Response html(long id) {
        return Response.ok(Objects.requireNonNullElse(get(id).html(), ""))
                .header(
                        "Content-Security-Policy",
                        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none';"
                                + " img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'")
                .build();
    }

    private Mail get(long id) {
        return mails.find(id).orElseThrow(() -> Refusal.notFound("no mail " + id));
    }
}
