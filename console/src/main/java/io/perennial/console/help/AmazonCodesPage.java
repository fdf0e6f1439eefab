package io.perennial.console.help;

import io.perennial.console.web.Frame;
import io.perennial.console.web.Frames;
import io.quarkus.qute.TemplateInstance;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** The codes that merchants read out from Amazon's consent pages, with their cause and remedy. */
@Path("/help/amazon-codes")
@Produces(MediaType.TEXT_HTML)
@RolesAllowed({"viewer", "operator", "admin"})
class AmazonCodesPage {

    record AmazonCodes(Frame frame) implements TemplateInstance {}

    private final Frames frames;

    AmazonCodesPage(Frames frames) {
        this.frames = frames;
    }

    @GET
    public TemplateInstance codes() {
        return new AmazonCodes(frames.at("help"));
    }
}
