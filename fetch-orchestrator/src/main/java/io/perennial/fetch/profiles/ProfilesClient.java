package io.perennial.fetch.profiles;

import io.perennial.fetch.access.AccessAnswer;
import io.perennial.fetch.orders.ProviderAnswer;
import io.perennial.fetch.orders.ProviderReply;
import io.perennial.fetch.orders.SpApiClient;
import io.perennial.secret.SecretAccess;
import io.perennial.service.BoundedClient;
import io.perennial.service.Mode;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.OptionalDouble;

/** Asks the Ads API for the profiles that a token opens ({@code GET /v2/profiles}). Never fails: every outcome is a value. */
@ApplicationScoped
public class ProfilesClient {
    /** Name of the operation. */
    public static final String OPERATION = "listProfiles";

    private static final String PATH = "/v2/profiles";

    private final BoundedClient http;
    private final BoundedClient.Bounds bounds;

    ProfilesClient(Vertx vertx, AdsConfig config, Mode mode) {
        this.http = new BoundedClient(vertx, 32, false, mode);
        this.bounds = new BoundedClient.Bounds(config.largestAnswer(), config.timeout());
    }

    /** One request. */
    public Uni<ProviderReply> profiles(AccessAnswer.Granted access) {
        String base = access.apiEndpoint().toString().replaceAll("/$", "");
        Map<String, String> headers = Map.of(
                "Accept",
                "application/json",
                "Authorization",
                "Bearer " + access.token().reveal(SecretAccess.forTheWire()),
                "Amazon-Advertising-API-ClientId",
                String.valueOf(access.clientId()));
        return http.send(HttpMethod.GET, base + PATH, headers, null, bounds)
                .map(ProfilesClient::answer)
                .onFailure()
                .recoverWithItem(failure -> new ProviderAnswer.Unavailable(SpApiClient.noAnswerCode(failure)))
                .map(answer -> new ProviderReply(answer, OptionalDouble.empty()));
    }

    private static ProviderAnswer answer(BoundedClient.Reply reply) {
        return ListingReader.read(reply.status(), reply.body(), reply.header("Retry-After"));
    }
}
