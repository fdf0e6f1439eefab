package io.perennial.sandbox.subscription;

import io.perennial.sandbox.application.Applications;
import io.perennial.sandbox.control.Refusal;
import io.perennial.sandbox.sellingpartner.SellingPartners;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;

/** What an integrator has subscribed to, without his having a queue. */
@Path("/sandbox/sellers/{id}/subscriptions/{type}/{applicationId}")
class SubscriptionControl {

    private final Subscriptions subscriptions;
    private final SellingPartners partners;
    private final Applications applications;

    SubscriptionControl(Subscriptions subscriptions, SellingPartners partners, Applications applications) {
        this.subscriptions = subscriptions;
        this.partners = partners;
        this.applications = applications;
    }

    @PUT
    public void subscribe(String id, String type, String applicationId) {
        subscriptions.subscribe(partners.get(id).sellerId(), existing(applicationId), type);
    }

    @DELETE
    public void unsubscribe(String id, String type, String applicationId) {
        subscriptions.unsubscribe(partners.get(id).sellerId(), existing(applicationId), type);
    }

    private String existing(String applicationId) {
        return applications
                .find(applicationId)
                .orElseThrow(() -> Refusal.notFound("no application " + applicationId))
                .applicationId();
    }
}
