package io.perennial.sandbox.authorization;

import io.perennial.sandbox.application.Application;
import io.perennial.sandbox.application.Applications;
import io.perennial.sandbox.control.Refusal;
import io.perennial.sandbox.sellingpartner.SellingPartners;
import io.perennial.sandbox.token.OpaqueToken;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Things that happen at Amazon and that nobody tells the application. */
@Path("/sandbox")
class AuthorizationControl {

    record BehaviourChange(
            Behaviour.@Nullable OldRefreshToken oldRefreshToken,
            Behaviour.@Nullable LateRenewal lateRenewal,
            Behaviour.@Nullable SubscriptionsAfterEnd subscriptions) {}

    record SelfAuthorizationRequest(@Nullable String applicationId) {}

    record SelfAuthorization(String refreshToken) {
        @Override
        public String toString() {
            return "SelfAuthorization";
        }
    }

    private final Applications applications;
    private final Authorizations authorizations;
    private final Behaviours behaviours;
    private final SellingPartners partners;

    AuthorizationControl(
            Applications applications, Authorizations authorizations, Behaviours behaviours, SellingPartners partners) {
        this.applications = applications;
        this.authorizations = authorizations;
        this.behaviours = behaviours;
        this.partners = partners;
    }

    @POST
    @Path("/sellers/{id}/revoke")
    public void revoke(String id) {
        authorizations.disableAll(partners.get(id));
    }

    @POST
    @Path("/sellers/{id}/expire")
    public void expire(String id) {
        authorizations.expireAll(partners.get(id));
    }

    @POST
    @Path("/sellers/{id}/password-changed")
    public void passwordChanged(String id) {
        authorizations.withdrawAll(partners.get(id));
    }

    /** "Authorize app" in the developer's own console: a private application gets a token without any redirect. */
    @POST
    @Path("/sellers/{id}/self-authorize")
    public SelfAuthorization selfAuthorize(String id, @Nullable SelfAuthorizationRequest request) {
        if (request == null || request.applicationId() == null) {
            throw Refusal.badRequest("applicationId is missing");
        }
        Application application = applications
                .find(request.applicationId())
                .orElseThrow(() -> Refusal.notFound("no application " + request.applicationId()));
        OpaqueToken token = authorizations.selfAuthorize(partners.get(id), application);
        return new SelfAuthorization(token.reveal());
    }

    @GET
    @Path("/behaviour")
    public Behaviour behaviour() {
        return behaviours.current();
    }

    @PUT
    @Path("/behaviour")
    public Behaviour change(@Nullable BehaviourChange change) {
        if (change == null) {
            throw Refusal.badRequest("oldRefreshToken, lateRenewal or subscriptions is missing");
        }
        Behaviour current = behaviours.current();
        behaviours.change(new Behaviour(
                Objects.requireNonNullElse(change.oldRefreshToken(), current.oldRefreshToken()),
                Objects.requireNonNullElse(change.lateRenewal(), current.lateRenewal()),
                Objects.requireNonNullElse(change.subscriptions(), current.subscriptions())));
        return behaviours.current();
    }
}
