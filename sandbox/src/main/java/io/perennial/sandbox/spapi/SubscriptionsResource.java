package io.perennial.sandbox.spapi;

import io.perennial.sandbox.subscription.Subscription;
import io.perennial.sandbox.subscription.Subscriptions;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Notifications v1: the subscription of the selling partner whose token asks; needs no other role than its own. */
@Path("/sp-api/{region}/notifications/v1/subscriptions/{notificationType}")
class SubscriptionsResource {

    private static final Pattern NOTIFICATION_TYPE = Pattern.compile("[A-Z][A-Z_]{2,80}");
    private static final String PAYLOAD_VERSION = "1.0";

    record Answer(Payload payload) {}

    record Payload(String subscriptionId, String payloadVersion, String destinationId) {}

    private final SpApi api;
    private final Subscriptions subscriptions;

    SubscriptionsResource(SpApi api, Subscriptions subscriptions) {
        this.api = api;
        this.subscriptions = subscriptions;
    }

    @GET
    public Response subscription(
            String region, String notificationType, @Context HttpHeaders headers, @Context UriInfo uri) {
        return api.call(Operation.GET_SUBSCRIPTION, region, headers, caller -> {
            if (!NOTIFICATION_TYPE.matcher(notificationType).matches()) {
                throw SpApiRefusal.invalidInput("Invalid notificationType.");
            }
            if (!Set.of("payloadVersion").containsAll(uri.getQueryParameters().keySet())) {
                throw SpApiRefusal.invalidInput("Unknown query parameter.");
            }
            return answer(caller, notificationType, uri.getQueryParameters().getFirst("payloadVersion"));
        });
    }

    private Answer answer(Caller caller, String notificationType, @Nullable String version) {
        Subscription found = subscriptions
                .find(caller.account().sellerId(), caller.applicationId(), notificationType)
                .filter(subscription -> caller.isAtHome())
                .filter(subscription -> version == null || version.equals(PAYLOAD_VERSION))
                .orElseThrow(() -> SpApiRefusal.notFound("Subscription not found for " + notificationType + "."));
        return new Answer(new Payload(
                found.subscriptionId().toString(),
                PAYLOAD_VERSION,
                found.destinationId().toString()));
    }
}
