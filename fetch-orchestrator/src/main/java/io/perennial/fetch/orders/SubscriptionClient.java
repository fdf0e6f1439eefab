package io.perennial.fetch.orders;

import io.perennial.fetch.access.AccessAnswer;
import io.perennial.secret.SecretAccess;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.TimeoutException;

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

    private final WebClient http;
    private final SubscriptionsConfig config;

    SubscriptionClient(Vertx vertx, SubscriptionsConfig config) {
        this.http = WebClient.create(
                vertx,
                new WebClientOptions()
                        .setConnectTimeout(5000)
                        .setFollowRedirects(false)
                        .setMaxPoolSize(32)
                        .setUserAgent("Perennial/0.1 (Language=Java)"));
        this.config = config;
    }

    /** One request. The quota must have been taken before. */
    public Uni<SubscriptionReply> orderChange(AccessAnswer.Granted access) {
        String base = access.apiEndpoint().toString().replaceAll("/$", "");
        HttpRequest<Buffer> request = http.getAbs(base + PATH)
                .as(new BoundedBody(LARGEST_ANSWER))
                .timeout(config.timeout().toMillis())
                .putHeader("Accept", "application/json")
                .putHeader("x-amz-access-token", access.token().reveal(SecretAccess.forTheWire()));
        // The client's own time-out begins anew with each byte; this one does not.
        return Uni.createFrom()
                .completionStage(() -> request.send().toCompletionStage())
                .ifNoItem()
                .after(config.timeout())
                .failWith(TimeoutException::new)
                .map(SubscriptionClient::reply)
                .onFailure()
                .recoverWithItem(failure -> SubscriptionReply.unknown(SpApiClient.noAnswerCode(failure)));
    }

    private static SubscriptionReply reply(HttpResponse<Buffer> response) {
        byte[] body = response.body() == null ? new byte[0] : response.body().getBytes();
        return SubscriptionReader.read(
                response.statusCode(), body, SpApiClient.rate(response.getHeader("x-amzn-RateLimit-Limit")));
    }
}
