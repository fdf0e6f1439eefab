package io.perennial.fetch.orders;

import io.perennial.fetch.access.AccessAnswer;
import io.perennial.secret.SecretAccess;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Asks Amazon: for pages of orders (Orders API 2026-01-01, {@code searchOrders}), and whatever else has an answer in JSON. Never
 * fails: every outcome is a value.
 */
@ApplicationScoped
public class SpApiClient {
    /** Name of the operation, as quotas are counted by it. */
    public static final String OPERATION = "searchOrders";

    private static final Logger LOG = Logger.getLogger(SpApiClient.class);
    private static final String PATH = "/orders/2026-01-01/orders";
    // Prices and status need these two sets; buyer and recipient are left out on purpose.
    private static final List<String> INCLUDED = List.of("PROCEEDS", "FULFILLMENT");

    private final WebClient http;
    private final OrdersConfig config;
    private final ProviderTime providerTime;

    SpApiClient(Vertx vertx, OrdersConfig config, ProviderTime providerTime) {
        this.http = WebClient.create(
                vertx,
                new WebClientOptions()
                        .setConnectTimeout(5000)
                        .setFollowRedirects(false)
                        .setTryUseCompression(true)
                        .setMaxPoolSize(config.connections())
                        .setUserAgent("Perennial/0.1 (Language=Java)"));
        this.config = config;
        this.providerTime = providerTime;
    }

    /** One request. The quota must have been taken before. */
    public Uni<ProviderReply> searchOrders(AccessAnswer.Granted access, OrderQuery query) {
        boolean withPageToken = query.pageToken() != null;
        return sent(
                () -> request(access, query).send(),
                access,
                OrderPageReader::read,
                (status, body) -> RefusalReader.read(status, body, withPageToken));
    }

    /**
     * A request of another operation. The quota must have been taken before.
     *
     * @param body to be posted; null for a request that only reads
     * @param reader of the body of an answer that grants; empty if it can not be read
     */
    public Uni<ProviderReply> call(
            AccessAnswer.Granted access,
            String path,
            @Nullable JsonObject body,
            Function<byte[], Optional<? extends ProviderAnswer>> reader) {
        return sent(
                () -> body == null
                        ? request(access, HttpMethod.GET, path).send()
                        : request(access, HttpMethod.POST, path).sendJsonObject(body),
                access,
                reader,
                (status, answer) -> RefusalReader.read(status, answer, false));
    }

    private Uni<ProviderReply> sent(
            Supplier<Future<HttpResponse<Buffer>>> request,
            AccessAnswer.Granted access,
            Function<byte[], Optional<? extends ProviderAnswer>> reader,
            BiFunction<Integer, byte[], ProviderAnswer> refusals) {
        // The client's own time-out begins anew with each byte; this one does not.
        return Uni.createFrom()
                .completionStage(() -> request.get().toCompletionStage())
                .ifNoItem()
                .after(config.timeout())
                .failWith(TimeoutException::new)
                .map(answer -> reply(answer, access.region(), reader, refusals))
                .onFailure()
                .recoverWithItem(SpApiClient::noAnswer);
    }

    private HttpRequest<Buffer> request(AccessAnswer.Granted access, HttpMethod method, String path) {
        String base = access.apiEndpoint().toString().replaceAll("/$", "");
        return http.requestAbs(method, base + path)
                .as(new BoundedBody(config.largestAnswer()))
                .timeout(config.timeout().toMillis())
                .putHeader("Accept", "application/json")
                .putHeader("x-amz-access-token", access.token().reveal(SecretAccess.forTheWire()));
    }

    private HttpRequest<Buffer> request(AccessAnswer.Granted access, OrderQuery query) {
        HttpRequest<Buffer> request = request(access, HttpMethod.GET, PATH)
                .addQueryParam("lastUpdatedAfter", query.window().from().toString())
                .addQueryParam("lastUpdatedBefore", query.window().to().toString())
                .addQueryParam("maxResultsPerPage", Integer.toString(config.pageSize()))
                .addQueryParam("includedData", String.join(",", INCLUDED));
        if (!query.marketplaces().isEmpty()) {
            request.addQueryParam("marketplaceIds", String.join(",", query.marketplaces()));
        }
        String pageToken = query.pageToken();
        return pageToken == null ? request : request.addQueryParam("paginationToken", pageToken);
    }

    private ProviderReply reply(
            HttpResponse<Buffer> response,
            String region,
            Function<byte[], Optional<? extends ProviderAnswer>> reader,
            BiFunction<Integer, byte[], ProviderAnswer> refusals) {
        providerTime.observe(region, response.getHeader("Date"));
        byte[] body = response.body() == null ? new byte[0] : response.body().getBytes();
        int status = response.statusCode();
        ProviderAnswer answer = status == 200 || status == 202
                ? reader.apply(body).<ProviderAnswer>map(read -> read).orElseGet(RefusalReader::unreadable)
                : refusals.apply(status, body);
        return new ProviderReply(answer, rate(response.getHeader("x-amzn-RateLimit-Limit")));
    }

    private static ProviderReply noAnswer(Throwable failure) {
        LOG.debugf("No answer: %s", failure.getClass().getName());
        return new ProviderReply(new ProviderAnswer.Unavailable(noAnswerCode(failure)), OptionalDouble.empty());
    }

    /** Why there is no answer. */
    public static String noAnswerCode(Throwable failure) {
        if (failure instanceof BoundedBody.TooLarge) {
            return "ANSWER_TOO_LARGE";
        }
        return failure instanceof TimeoutException ? "PROVIDER_TIMEOUT" : "PROVIDER_UNREACHABLE";
    }

    static OptionalDouble rate(@Nullable String header) {
        try {
            return header == null ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(header.strip()));
        } catch (NumberFormatException e) {
            return OptionalDouble.empty();
        }
    }
}
