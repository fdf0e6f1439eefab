package io.perennial.notify.links;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.perennial.service.ServiceTokens;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.ext.web.client.HttpResponse;
import io.vertx.mutiny.ext.web.client.WebClient;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks auth-service for reminder links, in batch. */
@Singleton
public class ReminderLinks {
    private static final int MAX_IDLE_SECONDS = 30;

    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
            .build();

    private final WebClient http;
    private final ServiceTokens tokens;
    private final LinksConfig config;

    ReminderLinks(Vertx vertx, ServiceTokens tokens, LinksConfig config) {
        this.http = WebClient.create(
                vertx,
                new WebClientOptions()
                        .setFollowRedirects(false)
                        .setKeepAliveTimeout(MAX_IDLE_SECONDS)
                        .setConnectTimeout(Math.toIntExact(config.timeout().toMillis())));
        this.tokens = tokens;
        this.config = config;
    }

    /**
     * The answers by question; one that auth-service does not know is missing.
     *
     * @return fails with {@link NoLinksException} for everything that is not an answer
     */
    public Uni<Map<LinkRequest, ReminderLink>> of(Collection<LinkRequest> requests) {
        return tokens.bearer()
                .chain(token -> ask(token, new Questions(List.copyOf(requests))))
                .map(response -> answers(requests, read(response)))
                .ifNoItem()
                .after(config.timeout())
                .fail()
                .onFailure(failure -> !(failure instanceof NoLinksException))
                .transform(failure -> new NoLinksException(failure.getClass().getSimpleName()));
    }

    private Uni<HttpResponse<Buffer>> ask(String token, Questions questions) {
        return http.postAbs(config.url().resolve("/api/reminder-links").toString())
                .bearerTokenAuthentication(token)
                .putHeader("Content-Type", "application/json")
                .putHeader("Accept", "application/json")
                .timeout(config.timeout().toMillis())
                .sendBuffer(Buffer.buffer(write(questions)));
    }

    private static String write(Questions questions) {
        try {
            return JSON.writeValueAsString(questions);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Ids and numbers can always be written", e);
        }
    }

    private static Map<LinkRequest, ReminderLink> answers(
            Collection<LinkRequest> requests, Map<LinkRequest.Key, ReminderLink> byKey) {
        return requests.stream()
                .filter(request -> byKey.containsKey(request.key()))
                .collect(Collectors.toMap(request -> request, request -> byKey.get(request.key()), (one, same) -> one));
    }

    private static Map<LinkRequest.Key, ReminderLink> read(HttpResponse<Buffer> response) {
        if (response.statusCode() != 200) {
            throw new NoLinksException("status " + response.statusCode());
        }
        try {
            Buffer body = response.body();
            Answers answers = JSON.readValue(body == null ? "" : body.toString(), Answers.class);
            if (answers.items() == null) {
                throw new NoLinksException("no items");
            }
            return answers.items().stream()
                    .collect(Collectors.toMap(ReminderLink::question, link -> link, (one, other) -> one));
        } catch (JsonProcessingException e) {
            throw new NoLinksException("unreadable answer");
        }
    }

    private record Questions(List<LinkRequest> items) {}

    private record Answers(@Nullable List<ReminderLink> items) {}
}
