package io.perennial.fetch.orders;

import io.perennial.fetch.access.AccessAnswer;
import io.perennial.secret.SecretAccess;
import io.perennial.service.BoundedClient;
import io.perennial.service.Mode;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;

/**
 * Asks Amazon whether the application has a subscription to the seller's order changes (Notifications API v1,
 * {@code getSubscription}). Never fails: every outcome is a value.
 */
@ApplicationScoped
public class SubscriptionClient {
    /** Name of the operation, as quotas are counted by it. */
    public static final String OPERATION = "getSubscription";

    private static final String PATH = "/notifications/v1/subscriptions/ORDER_CHANGE";
    private static final int LARGEST_ANSWER = 64 << 10;

    private final BoundedClient http;
    private final BoundedClient.Bounds bounds;

    SubscriptionClient(Vertx vertx, SubscriptionsConfig config, Mode mode) {
        this.http = new BoundedClient(vertx, 32, false, mode);
        this.bounds = new BoundedClient.Bounds(LARGEST_ANSWER, config.timeout());
    }

    /** One request. The quota must have been taken before. */
    public Uni<SubscriptionReply> orderChange(AccessAnswer.Granted access) {
        String base = access.apiEndpoint().toString().replaceAll("/$", "");
        Map<String, String> headers = Map.of(
                "Accept",
                "application/json",
                "x-amz-access-token",
                access.token().reveal(SecretAccess.forTheWire()));
        return http.send(HttpMethod.GET, base + PATH, headers, null, bounds)
                .map(SubscriptionClient::reply)
                .onFailure()
                .recoverWithItem(failure -> SubscriptionReply.unknown(SpApiClient.noAnswerCode(failure)));
    }

    private static SubscriptionReply reply(BoundedClient.Reply reply) {
        return SubscriptionReader.read(
                reply.status(), reply.body(), SpApiClient.rate(reply.header("x-amzn-RateLimit-Limit")));
    }
}
