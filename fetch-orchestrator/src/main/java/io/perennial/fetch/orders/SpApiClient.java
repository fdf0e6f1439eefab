package io.perennial.fetch.orders;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.perennial.fetch.access.AccessAnswer;
import io.perennial.secret.SecretAccess;
import io.perennial.service.BoundedClient;
import io.perennial.service.Mode;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLEncoder;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
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

    private final BoundedClient http;
    private final BoundedClient.Bounds bounds;
    private final OrdersConfig config;
    private final ProviderTime providerTime;

    SpApiClient(Vertx vertx, OrdersConfig config, ProviderTime providerTime, Mode mode) {
        this.http = new BoundedClient(vertx, config.connections(), true, mode);
        this.bounds = new BoundedClient.Bounds(config.largestAnswer(), config.timeout());
        this.config = config;
        this.providerTime = providerTime;
    }

    /** One request. The quota must have been taken before. */
    public Uni<ProviderReply> searchOrders(AccessAnswer.Granted access, OrderQuery query) {
        boolean withPageToken = query.pageToken() != null;
        return sent(
                access,
                HttpMethod.GET,
                PATH + "?" + encoded(query),
                null,
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
                access,
                body == null ? HttpMethod.GET : HttpMethod.POST,
                path,
                body,
                reader,
                (status, answer) -> RefusalReader.read(status, answer, false));
    }

    private Uni<ProviderReply> sent(
            AccessAnswer.Granted access,
            HttpMethod method,
            String path,
            @Nullable JsonObject body,
            Function<byte[], Optional<? extends ProviderAnswer>> reader,
            BiFunction<Integer, byte[], ProviderAnswer> refusals) {
        String base = access.apiEndpoint().toString().replaceAll("/$", "");
        Map<String, String> headers = new HashMap<>();
        headers.put("Accept", "application/json");
        headers.put("x-amz-access-token", access.token().reveal(SecretAccess.forTheWire()));
        if (body != null) {
            headers.put("Content-Type", "application/json");
        }
        return http.send(method, base + path, headers, body == null ? null : body.toBuffer(), bounds)
                .map(answer -> reply(answer, access.region(), reader, refusals))
                .onFailure()
                .recoverWithItem(SpApiClient::noAnswer);
    }

    private String encoded(OrderQuery query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("lastUpdatedAfter", query.window().from().toString());
        parameters.put("lastUpdatedBefore", query.window().to().toString());
        parameters.put("maxResultsPerPage", Integer.toString(config.pageSize()));
        parameters.put("includedData", String.join(",", INCLUDED));
        if (!query.marketplaces().isEmpty()) {
            parameters.put("marketplaceIds", String.join(",", query.marketplaces()));
        }
        String pageToken = query.pageToken();
        if (pageToken != null) {
            parameters.put("paginationToken", pageToken);
        }
        return parameters.entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + URLEncoder.encode(parameter.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
    }

    private ProviderReply reply(
            BoundedClient.Reply reply,
            String region,
            Function<byte[], Optional<? extends ProviderAnswer>> reader,
            BiFunction<Integer, byte[], ProviderAnswer> refusals) {
        providerTime.observe(region, reply.header("Date"));
        int status = reply.status();
        ProviderAnswer answer = status == 200 || status == 202
                ? reader.apply(reply.body()).<ProviderAnswer>map(read -> read).orElseGet(RefusalReader::unreadable)
                : refusals.apply(status, reply.body());
        return new ProviderReply(answer, rate(reply.header("x-amzn-RateLimit-Limit")));
    }

    private static ProviderReply noAnswer(Throwable failure) {
        LOG.debugf("No answer: %s", failure.getClass().getName());
        return new ProviderReply(new ProviderAnswer.Unavailable(noAnswerCode(failure)), OptionalDouble.empty());
    }

    /** Why there is no answer. */
    public static String noAnswerCode(Throwable failure) {
        if (failure instanceof BoundedClient.TooLarge) {
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
