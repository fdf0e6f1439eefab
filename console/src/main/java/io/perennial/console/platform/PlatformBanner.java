package io.perennial.console.platform;

import io.perennial.console.remote.Answer;
import io.perennial.console.remote.Services;
import io.perennial.console.web.Visitor;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The lines above every page; each page asks for them by itself, so that none waits for them. */
@Path("/platform")
@Produces(MediaType.TEXT_HTML)
@RolesAllowed({"viewer", "operator", "admin"})
public class PlatformBanner {
    /** Earlier there is nothing that everybody must see; operators hear by events from 90 days on. */
    private static final int SECRET_DAYS = 30;

    private final Services services;
    private final Visitor visitor;

    PlatformBanner(Services services, Visitor visitor) {
        this.services = services;
        this.visitor = visitor;
    }

    record Banner(List<PlatformLine> lines) implements TemplateInstance {}

    @GET
    public Uni<TemplateInstance> lines() {
        String bearer = visitor.bearer();
        return Uni.combine()
                .all()
                .unis(services.outages(bearer), services.endingSecrets(SECRET_DAYS, bearer))
                .with((outages, secrets) -> new Banner(
                        Stream.concat(lines(outages, PlatformLine::outage), lines(secrets, PlatformLine::endingSecret))
                                .toList()));
    }

    /** None if the service does not answer: the page itself tells that. */
    private static Stream<PlatformLine> lines(Answer answer, Function<JsonObject, PlatformLine> line) {
        return ApplicationsPage.items(answer).map(line);
    }
}
