package io.perennial.auth.campaign;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perennial.auth.audit.ForeignIds;
import io.perennial.auth.campaign.Campaigns.Actor;
import io.perennial.problem.ProblemException;
import io.perennial.service.Caller;
import io.perennial.service.IdempotencyKey;
import io.perennial.service.PageCursor;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** {@code /api/campaigns}. */
@Path("/api/campaigns")
public class CampaignResource {
    private final Campaigns campaigns;
    private final ForeignIds foreign;
    private final Caller caller;

    CampaignResource(Campaigns campaigns, ForeignIds foreign, Caller caller) {
        this.campaigns = campaigns;
        this.foreign = foreign;
        this.caller = caller;
    }

    /** One page of campaigns, latest first. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record CampaignPage(List<CampaignView> items, @Nullable String next) {}

    /** One page of the connections of a campaign. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ConnectionPage(List<CampaignConnection> items, @Nullable String next) {}

    @POST
    @RolesAllowed({"admin", "operator"})
    public Uni<RestResponse<CampaignView>> make(
            NewCampaign wanted, @HeaderParam(IdempotencyKey.HEADER) @Nullable String idempotencyKey) {
        wanted.check(caller.tenants() == null);
        foreign.tenant(wanted.tenant());
        foreign.connections(wanted.connections());
        if (wanted.tenant() != null) {
            caller.requireTenant("tenant", wanted.tenant());
        }
        return campaigns
                .make(wanted, actor(), IdempotencyKey.of(idempotencyKey, wanted))
                .map(made -> RestResponse.ResponseBuilder.<CampaignView>created(
                                URI.create("/api/campaigns/" + made.id()))
                        .entity(made)
                        .build());
    }

    @GET
    @RolesAllowed({"admin", "operator", "viewer"})
    public Uni<CampaignPage> list(
            @QueryParam("cursor") @Nullable String cursor, @QueryParam("limit") @Nullable Integer limit) {
        int size = PageCursor.limit(limit);
        return campaigns
                .list(actor(), place(cursor), size + 1)
                .map(found -> new CampaignPage(first(found, size), next(found, size, CampaignView::id)));
    }

    @GET
    @Path("{id}")
    @RolesAllowed({"admin", "operator", "viewer"})
    public Uni<CampaignView> get(UUID id) {
        return campaigns.get(id, actor());
    }

    /** Its connections; what "fetch all renewed" asks for. */
    @GET
    @Path("{id}/connections")
    @RolesAllowed({"admin", "operator", "viewer", "token-reader"})
    public Uni<ConnectionPage> connections(
            UUID id,
            @QueryParam("renewed") @Nullable String renewed,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable Integer limit) {
        int size = PageCursor.limit(limit);
        if (renewed != null && !renewed.equals("true") && !renewed.equals("false")) {
            throw ProblemException.invalidField("renewed", "must be true or false");
        }
        return campaigns
                .connections(id, actor(), renewed == null ? null : Boolean.valueOf(renewed), place(cursor), size + 1)
                .map(found ->
                        new ConnectionPage(first(found, size), next(found, size, CampaignConnection::connectionId)));
    }

    @POST
    @Path("{id}/stop")
    @RolesAllowed({"admin", "operator"})
    public Uni<CampaignView> stop(UUID id) {
        return campaigns.stop(id, actor());
    }

    @POST
    @Path("{id}/resume")
    @RolesAllowed({"admin", "operator"})
    public Uni<CampaignView> resume(UUID id) {
        return campaigns.resume(id, actor());
    }

    private Actor actor() {
        return new Actor(caller.id(), caller.tenants());
    }

    private static <T> List<T> first(List<T> found, int size) {
        return found.subList(0, Math.min(size, found.size()));
    }

    private static <T> @Nullable String next(List<T> found, int size, Function<T, UUID> id) {
        return found.size() > size ? PageCursor.encode(id.apply(found.get(size - 1))) : null;
    }

    private static @Nullable UUID place(@Nullable String cursor) {
        return PageCursor.decode(cursor, UUID::fromString);
    }
}
