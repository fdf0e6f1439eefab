package io.perennial.console.remote;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the console asks of the services, in the words of the console. */
@Singleton
public class Services {
    private final ServiceClient client;

    Services(ServiceClient client) {
        this.client = client;
    }

    /** Creates a connection; {@code idempotencyKey} belongs to the form, so that sending it twice makes one. */
    public Uni<Answer> createConnection(JsonObject connection, UUID idempotencyKey, String bearer) {
        return client.post(Service.AUTH, "/api/connections", connection, idempotencyKey, bearer);
    }

    /** A connection; the account that was announced for it is in {@code expectedAccountId}. */
    public Uni<Answer> connection(UUID connection, String bearer) {
        return client.get(Service.AUTH, "/api/connections/" + connection, Map.of(), bearer);
    }

    /** A link that the merchant can open, in {@code url}. */
    public Uni<Answer> consentLink(UUID connection, String bearer) {
        JsonObject body = new JsonObject().put("connections", new JsonArray().add(connection.toString()));
        return client.post(Service.AUTH, "/api/consent-links", body, UUID.randomUUID(), bearer);
    }

    /** The consents that nobody has claimed, in {@code items}. */
    public Uni<Answer> unclaimed(String bearer) {
        return client.get(Service.AUTH, "/api/unclaimed-connections", Map.of("limit", "50"), bearer);
    }

    /** Gives an unclaimed consent to a connection; what became of it is in {@code outcome}. */
    public Uni<Answer> assign(UUID unclaimed, UUID connection, String bearer) {
        return client.post(
                Service.AUTH,
                "/api/unclaimed-connections/" + unclaimed + "/assign",
                new JsonObject().put("connectionId", connection.toString()),
                UUID.randomUUID(),
                bearer);
    }

    /** The refresh token of a private application; what became of it is in {@code outcome}. */
    public Uni<Answer> selfAuthorize(UUID connection, String refreshToken, String account, String bearer) {
        JsonObject body = new JsonObject().put("refreshToken", refreshToken);
        if (!account.isEmpty()) {
            body.put("accountId", account);
        }
        return client.post(
                Service.AUTH,
                "/api/connections/" + connection + "/self-authorization",
                body,
                UUID.randomUUID(),
                bearer);
    }

    /** Asks Amazon now; the verdict is in {@code state} and {@code result}. */
    public Uni<Answer> probe(UUID connection, String bearer) {
        return client.post(
                Service.AUTH, "/api/connections/" + connection + "/probe", new JsonObject(), UUID.randomUUID(), bearer);
    }

    /**
     * Corrects the end of a connection's grant to a day that Amazon's page shows. It counts from the beginning of that day, so
     * that no reminder comes too late. What it does not change is in {@code advice}.
     */
    public Uni<Answer> correctEnd(UUID connection, LocalDate day, String bearer) {
        JsonObject body = new JsonObject()
                .put("endsAt", day.atStartOfDay(ZoneOffset.UTC).toInstant().toString());
        return client.patch(Service.AUTH, "/api/connections/" + connection, body, bearer);
    }

    /** The advertising profiles of a connection, in {@code items}. */
    public Uni<Answer> profiles(UUID connection, String bearer) {
        return client.get(Service.AUTH, "/api/connections/" + connection + "/profiles", Map.of(), bearer);
    }

    /** Makes these the profiles that a connection is for. */
    public Uni<Answer> chooseProfiles(UUID connection, Collection<String> profiles, String bearer) {
        JsonArray ids = new JsonArray();
        profiles.forEach(ids::add);
        JsonObject body = new JsonObject().put("profiles", ids);
        return client.put(Service.AUTH, "/api/connections/" + connection + "/profiles", body, bearer);
    }

    /** Decides whether a consent is from the right account; what became of it is in {@code status}. */
    public Uni<Answer> decideConsent(UUID review, String decision, String bearer) {
        return client.post(
                Service.AUTH,
                "/api/consent-reviews/" + review,
                new JsonObject().put("decision", decision),
                UUID.randomUUID(),
                bearer);
    }

    /** Gives a connection up, for good. */
    public Uni<Answer> disconnect(UUID connection, String bearer) {
        return client.delete(Service.AUTH, "/api/connections/" + connection, bearer);
    }

    /** "Fetch My Data": what is not covered yet. */
    public Uni<Answer> fetch(Collection<UUID> connections, String bearer) {
        JsonArray ids = new JsonArray();
        connections.forEach(id -> ids.add(id.toString()));
        JsonObject body = new JsonObject().put("connections", ids);
        return client.post(Service.FETCH, "/api/fetches", body, UUID.randomUUID(), bearer);
    }

    /** Mails the merchant the link now. */
    public Uni<Answer> mailLink(UUID connection, String bearer) {
        JsonObject body = new JsonObject().put("connectionId", connection.toString());
        return client.post(Service.NOTIFIER, "/api/reminders", body, UUID.randomUUID(), bearer);
    }

    /** For which applications and regions the provider is not asked at present. */
    public Uni<Answer> outages(String bearer) {
        return client.get(Service.AUTH, "/api/outages", Map.of(), bearer);
    }

    /** Applications whose client secret ends soon. */
    public Uni<Answer> endingSecrets(int withinDays, String bearer) {
        return client.get(
                Service.AUTH, "/api/client-secrets", Map.of("withinDays", String.valueOf(withinDays)), bearer);
    }

    /** Campaigns that the person may see, latest first. */
    public Uni<Answer> campaigns(@Nullable String cursor, String bearer) {
        return client.get(Service.AUTH, "/api/campaigns", page(cursor), bearer);
    }

    /** How far a campaign came. */
    public Uni<Answer> campaign(UUID id, String bearer) {
        return client.get(Service.AUTH, "/api/campaigns/" + id, Map.of(), bearer);
    }

    /** Makes a campaign; {@code idempotencyKey} belongs to the form. */
    public Uni<Answer> makeCampaign(JsonObject campaign, UUID idempotencyKey, String bearer) {
        return client.post(Service.AUTH, "/api/campaigns", campaign, idempotencyKey, bearer);
    }

    /** Stops or resumes a campaign. */
    public Uni<Answer> moveCampaign(UUID id, String move, String bearer) {
        return client.post(
                Service.AUTH, "/api/campaigns/" + id + "/" + move, new JsonObject(), UUID.randomUUID(), bearer);
    }

    /** "Fetch My Data" for everything that a campaign has renewed. */
    public Uni<Answer> fetchCampaign(UUID id, String bearer) {
        JsonObject body = new JsonObject().put("campaign", id.toString());
        return client.post(Service.FETCH, "/api/fetches", body, UUID.randomUUID(), bearer);
    }

    /** How far the fetches are planned that were too many for one answer. */
    public Uni<Answer> bulkFetch(UUID id, String bearer) {
        return client.get(Service.FETCH, "/api/fetches/bulk/" + id, Map.of(), bearer);
    }

    /** Imports that the person may see, latest first. */
    public Uni<Answer> imports(@Nullable String cursor, String bearer) {
        return client.get(Service.AUTH, "/api/imports", page(cursor), bearer);
    }

    /** How far an import came, and what was wrong with its lines. */
    public Uni<Answer> importRun(UUID id, String bearer) {
        return client.get(Service.AUTH, "/api/imports/" + id, Map.of(), bearer);
    }

    private static Map<String, String> page(@Nullable String cursor) {
        return cursor == null || cursor.isEmpty() ? Map.of() : Map.of("cursor", cursor);
    }

    /** Who is not written to, latest first; {@code q} is how the integrator's own id begins. */
    public Uni<Answer> suppressions(String q, boolean lifted, @Nullable String cursor, String bearer) {
        Map<String, String> query = new HashMap<>(page(cursor));
        query.put("lifted", String.valueOf(lifted));
        if (!q.isEmpty()) {
            query.put("q", q);
        }
        return client.get(Service.NOTIFIER, "/api/suppressions", query, bearer);
    }

    /** Mails may be sent again; the reason stays with the record. */
    public Uni<Answer> liftSuppression(UUID id, String reason, String bearer) {
        String because = URLEncoder.encode(reason, StandardCharsets.UTF_8).replace("+", "%20");
        return client.delete(Service.NOTIFIER, "/api/suppressions/" + id + "?reason=" + because, bearer);
    }

    /** The applications at the provider. */
    public Uni<Answer> applications(String bearer) {
        return client.get(Service.AUTH, "/api/apps", Map.of(), bearer);
    }

    /** Stops every use of an application's tokens. */
    public Uni<Answer> suspend(UUID app, String bearer) {
        return client.post(Service.AUTH, "/api/apps/" + app + "/suspend", new JsonObject(), UUID.randomUUID(), bearer);
    }

    /** Lets a suspended application be used again. */
    public Uni<Answer> resume(UUID app, String bearer) {
        return client.post(Service.AUTH, "/api/apps/" + app + "/resume", new JsonObject(), UUID.randomUUID(), bearer);
    }

    /** Gives an application its next client secret. */
    public Uni<Answer> addSecret(UUID app, String secret, String bearer) {
        JsonObject body = new JsonObject().put("clientSecret", secret);
        return client.post(Service.AUTH, "/api/apps/" + app + "/secrets", body, UUID.randomUUID(), bearer);
    }

    /** How each day was loaded, of one connection or of all that the person may see. */
    public Uni<Answer> loadStatus(LoadStatusQuestion question, String bearer) {
        return client.get(Service.FETCH, "/api/load-status", question.parameters(), bearer);
    }

    /**
     * Which load status is wanted.
     *
     * @param connection only this one; null for all
     * @param cursor where to go on; null for the beginning
     */
    public record LoadStatusQuestion(
            @Nullable UUID connection,
            @Nullable String tenant,
            LocalDate from,
            LocalDate to,
            @Nullable String cursor,
            int limit) {
        Map<String, String> parameters() {
            Map<String, String> parameters = new LinkedHashMap<>();
            parameters.put("from", from.toString());
            parameters.put("to", to.toString());
            parameters.put("limit", String.valueOf(limit));
            put(parameters, "connection", connection == null ? null : connection.toString());
            put(parameters, "tenant", tenant);
            put(parameters, "cursor", cursor);
            return parameters;
        }

        private static void put(Map<String, String> parameters, String name, @Nullable String value) {
            if (value != null && !value.isEmpty()) {
                parameters.put(name, value);
            }
        }
    }
}
