package io.perennial.sandbox.mail;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

@Path("/sandbox/mails")
class MailResource {

    private final Mails mails;

    MailResource(Mails mails) {
        this.mails = mails;
    }

    /** Newest last; {@code to} keeps mails whose recipients contain it. */
    @GET
    public List<Mail> received(@RestQuery @Nullable String to) {
        return mails.received(to);
    }
}
