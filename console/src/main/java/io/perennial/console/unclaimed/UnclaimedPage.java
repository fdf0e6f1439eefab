package io.perennial.console.unclaimed;

import io.perennial.console.remote.Answer;
import io.perennial.console.remote.Services;
import io.perennial.console.view.ConnectionFilter;
import io.perennial.console.view.ConnectionView;
import io.perennial.console.view.Connections;
import io.perennial.console.web.Frame;
import io.perennial.console.web.Frames;
import io.perennial.console.web.Notice;
import io.perennial.console.web.Notices;
import io.perennial.console.web.Visitor;
import io.perennial.console.words.Moments;
import io.perennial.console.words.Names;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** The consents that nobody has claimed, each with the connections that it may belong to. */
@Path("/unclaimed")
@Produces(MediaType.TEXT_HTML)
@RolesAllowed({"operator", "admin"})
class UnclaimedPage {
    private static final int CHOICES = 50;

    record Unclaimed(Frame frame, List<Waiting> waiting, @Nullable Notice notice) implements TemplateInstance {}

    /** One consent, in words. */
    record Waiting(
            UUID id,
            String reference,
            String account,
            String place,
            String since,
            String until,
            Provider provider,
            Region region,
            List<Choice> choices) {
        Waiting with(List<Choice> found) {
            return new Waiting(id, reference, account, place, since, until, provider, region, found);
        }
    }

    /** A connection that it may belong to. */
    record Choice(UUID id, String text) {}

    private final Services services;
    private final Connections connections;
    private final Visitor visitor;
    private final Frames frames;
    private final Notices notices;

    UnclaimedPage(Services services, Connections connections, Visitor visitor, Frames frames, Notices notices) {
        this.services = services;
        this.connections = connections;
        this.visitor = visitor;
        this.frames = frames;
        this.notices = notices;
    }

    @GET
    public Uni<TemplateInstance> list() {
        Frame frame = frames.at("unclaimed");
        String[] tenants = visitor.tenants();
        return services.unclaimed(visitor.bearer())
                .chain(answer -> answer instanceof Answer.Done done
                        ? Multi.createFrom()
                                .items(done.items().map(UnclaimedPage::consent))
                                .onItem()
                                .transformToUniAndConcatenate(one -> withChoices(tenants, one))
                                .collect()
                                .asList()
                                .map(found -> new Unclaimed(frame, found, null))
                        : Uni.createFrom()
                                .item(new Unclaimed(
                                        frame, List.of(), Notice.refused("Looking for unclaimed consents", answer))));
    }

    @POST
    @Path("{id}/assign")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<TemplateInstance> assign(@RestPath UUID id, @RestForm UUID connection) {
        return services.assign(id, connection, visitor.bearer())
                .map(answer -> notices.show(assigned(answer), "/unclaimed"));
    }

    private static Notice assigned(Answer answer) {
        if (!(answer instanceof Answer.Done done)) {
            return Notice.refused("Giving the consent to the connection", answer);
        }
        return "connected".equals(done.body().getString("outcome"))
                ? Notice.good("Connected", "The consent belongs to the connection now; its orders are fetched.")
                : Notice.good("Being checked", "Amazon could not say yet; the connection becomes active by itself.");
    }

    private Uni<Waiting> withChoices(String @Nullable [] tenants, Waiting one) {
        ConnectionFilter fitting =
                new ConnectionFilter(List.of(), null, one.provider(), one.region(), null, true, null, null);
        return connections
                .list(tenants, fitting, null, CHOICES)
                .map(slice -> one.with(
                        slice.items().stream().map(UnclaimedPage::choice).toList()));
    }

    private static Choice choice(ConnectionView view) {
        return new Choice(view.id(), view.label() + " · " + view.externalId() + " · " + view.tenantId());
    }

    private static Waiting consent(JsonObject item) {
        Provider provider = Provider.valueOf(item.getString("provider"));
        Region region = Region.valueOf(item.getString("region"));
        String name = item.getString("accountName");
        String id = item.getString("accountId");
        return new Waiting(
                UUID.fromString(item.getString("id")),
                item.getString("reference"),
                name == null ? id : name + " (" + id + ")",
                Names.of(provider) + ", " + Names.of(region),
                Moments.day(Instant.parse(item.getString("grantedAt"))),
                Moments.day(Instant.parse(item.getString("claimUntil"))),
                provider,
                region,
                List.of());
    }
}
