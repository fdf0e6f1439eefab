package io.perennial.console.campaign;

import io.perennial.console.remote.Answer;
import io.perennial.console.remote.Services;
import io.perennial.console.view.Connections;
import io.perennial.console.web.Frame;
import io.perennial.console.web.Frames;
import io.perennial.console.web.Notice;
import io.perennial.console.web.Notices;
import io.perennial.console.web.Visitor;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** The campaigns, one of them with its progress, and the form for a new one. */
@Path("/campaigns")
@Produces(MediaType.TEXT_HTML)
@RolesAllowed({"viewer", "operator", "admin"})
class CampaignPages {
    record All(
            Frame frame,
            List<Campaign> campaigns,
            @Nullable String next,
            @Nullable Notice notice,
            CampaignForm form,
            List<String> tenants,
            boolean anyTenant)
            implements TemplateInstance {}

    record One(Frame frame, Campaign campaign) implements TemplateInstance {}

    record Fetching(Frame frame, UUID campaign, BulkFetch bulk) implements TemplateInstance {}

    private final Services services;
    private final Connections connections;
    private final Visitor visitor;
    private final Frames frames;
    private final Notices notices;

    CampaignPages(Services services, Connections connections, Visitor visitor, Frames frames, Notices notices) {
        this.services = services;
        this.connections = connections;
        this.visitor = visitor;
        this.frames = frames;
        this.notices = notices;
    }

    @GET
    public Uni<TemplateInstance> all(@RestQuery @Nullable String cursor) {
        return list(cursor, CampaignForm.empty(), null);
    }

    private Uni<TemplateInstance> list(@Nullable String cursor, CampaignForm form, @Nullable Notice notice) {
        String[] own = visitor.tenants();
        Frame frame = frames.at("campaigns");
        return services.campaigns(cursor, visitor.bearer()).chain(answer -> (own == null
                        ? connections.tenants(null)
                        : Uni.createFrom().item(List.of(own)))
                .map(tenants -> answer instanceof Answer.Done done
                        ? new All(
                                frame,
                                done.items().map(Campaign::new).toList(),
                                done.body().getString("next"),
                                notice,
                                form,
                                tenants,
                                own == null)
                        : new All(
                                frame,
                                List.of(),
                                null,
                                Notice.refused("Asking for the campaigns", answer),
                                form,
                                tenants,
                                own == null)));
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @RolesAllowed({"operator", "admin"})
    public Uni<TemplateInstance> make(MultivaluedMap<String, String> sent) {
        CampaignForm form = CampaignForm.of(sent);
        return services.makeCampaign(form.request(), form.key(), visitor.bearer())
                .chain(answer -> answer instanceof Answer.Done done
                        ? Uni.createFrom().item(new One(frames.at("campaigns"), new Campaign(done.body())))
                        : list(null, form, Notice.refused("Making the campaign", answer)));
    }

    @GET
    @Path("{id}")
    public Uni<TemplateInstance> one(@RestPath UUID id) {
        Frame frame = frames.at("campaigns");
        return services.campaign(id, visitor.bearer())
                .map(answer -> notices.pageOr(
                        "Asking for the campaign", answer, "/campaigns", body -> new One(frame, new Campaign(body))));
    }

    @POST
    @Path("{id}/stop")
    @RolesAllowed({"operator", "admin"})
    public Uni<TemplateInstance> stop(@RestPath UUID id) {
        return move(
                id, "stop", Notice.good("Stopped", "No further mail is asked for; links that are out go on working."));
    }

    @POST
    @Path("{id}/resume")
    @RolesAllowed({"operator", "admin"})
    public Uni<TemplateInstance> resume(@RestPath UUID id) {
        return move(id, "resume", Notice.good("Goes on", "Mails are asked for again, at the campaign's pace."));
    }

    private Uni<TemplateInstance> move(UUID id, String move, Notice good) {
        return services.moveCampaign(id, move, visitor.bearer())
                .map(answer -> notices.show(
                        answer instanceof Answer.Done ? good : Notice.refused("Changing the campaign", answer),
                        "/campaigns/" + id));
    }

    @POST
    @Path("{id}/fetch")
    @RolesAllowed({"operator", "admin"})
    public Uni<TemplateInstance> fetch(@RestPath UUID id) {
        Frame frame = frames.at("campaigns");
        return services.fetchCampaign(id, visitor.bearer())
                .map(answer -> answer instanceof Answer.Done done && done.body().containsKey("bulk")
                        ? new Fetching(frame, id, new BulkFetch(done.body().getJsonObject("bulk")))
                        : fetched(id, answer));
    }

    private TemplateInstance fetched(UUID id, Answer answer) {
        return notices.show(
                answer instanceof Answer.Done done
                        ? Notice.good(
                                "Fetching", done.items("fetches").count() + " fetches read what is not covered yet.")
                        : Notice.refused("Fetching", answer),
                "/campaigns/" + id);
    }

    /** How far the fetches of a campaign are planned that has renewed too many for one answer. */
    @GET
    @Path("{id}/fetch/{bulk}")
    public Uni<TemplateInstance> fetching(@RestPath UUID id, @RestPath UUID bulk) {
        Frame frame = frames.at("campaigns");
        return services.bulkFetch(bulk, visitor.bearer())
                .map(answer -> notices.pageOr(
                        "Asking how far the fetches are",
                        answer,
                        "/campaigns/" + id,
                        body -> new Fetching(frame, id, new BulkFetch(body))));
    }
}
