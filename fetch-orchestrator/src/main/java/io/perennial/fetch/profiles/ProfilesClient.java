package io.perennial.fetch.profiles;

import io.perennial.fetch.access.AccessAnswer;
import io.perennial.fetch.orders.BoundedBody;
import io.perennial.fetch.orders.ProviderAnswer;
import io.perennial.fetch.orders.ProviderReply;
import io.perennial.fetch.orders.SpApiClient;
import io.perennial.secret.SecretAccess;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.OptionalDouble;
import java.util.concurrent.TimeoutException;

/** Asks the Ads API for the profiles that a token opens ({@code GET /v2/profiles}). Never fails: every outcome is a value. */
@ApplicationScoped
public class ProfilesClient {
    /** Name of the operation. */
    public static final String OPERATION = "listProfiles";

    private static final String PATH = "/v2/profiles";

    private final WebClient http;
    private final AdsConfig config;

    ProfilesClient(Vertx vertx, AdsConfig config) {
        this.http = WebClient.create(
                vertx,
                new WebClientOptions()
                        .setConnectTimeout(5000)
                        .setFollowRedirects(false)
                        .setMaxPoolSize(32)
                        .setUserAgent("Perennial/0.1 (Language=Java)"));
        this.config = config;
    }

    /** One request. */
    public Uni<ProviderReply> profiles(AccessAnswer.Granted access) {
        String base = access.apiEndpoint().toString().replaceAll("/$", "");
        HttpRequest<Buffer> request = http.getAbs(base + PATH)
                .as(new BoundedBody(config.largestAnswer()))
                .timeout(config.timeout().toMillis())
                .putHeader("Accept", "application/json")
                .putHeader("Authorization", "Bearer " + access.token().reveal(SecretAccess.forTheWire()))
                .putHeader("Amazon-Advertising-API-ClientId", String.valueOf(access.clientId()));
        // The client's own time-out begins anew with each byte; this one does not.
        return Uni.createFrom()
                .completionStage(() -> request.send().toCompletionStage())
                .ifNoItem()
                .after(config.timeout())
                .failWith(TimeoutException::new)
                .map(ProfilesClient::answer)
                .onFailure()
                .recoverWithItem(failure -> new ProviderAnswer.Unavailable(SpApiClient.noAnswerCode(failure)))
                .map(answer -> new ProviderReply(answer, OptionalDouble.empty()));
    }

    private static ProviderAnswer answer(HttpResponse<Buffer> response) {
        byte[] body = response.body() == null ? new byte[0] : response.body().getBytes();
        return ListingReader.read(response.statusCode(), body, response.getHeader("Retry-After"));
    }
}
