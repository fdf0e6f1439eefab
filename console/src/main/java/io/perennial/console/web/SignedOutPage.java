package io.perennial.console.web;

import io.perennial.clock.DomainClock;
import io.quarkus.qute.TemplateInstance;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

@Path("/signed-out")
@Produces(MediaType.TEXT_HTML)
class SignedOutPage {

    record SignedOut(Frame frame) implements TemplateInstance {}

    private final Assets assets;
    private final DomainClock clock;

    SignedOutPage(Assets assets, DomainClock clock) {
        this.assets = assets;
        this.clock = clock;
    }

    @GET
    @PermitAll
    public TemplateInstance signedOut() {
        return new SignedOut(new Frame(null, false, false, "", assets.version(), clock.instant()));
    }
}
