package io.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.FetchCompleted;
import io.perennial.contracts.FetchReason;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.contracts.SampleOrder;
import io.perennial.launcher.stack.StackService;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** A connection whose merchant has an account of his own, and the link that was mailed to him. */
record Shop(String id, Seller seller, String link) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LINKS_AT_ONCE = 500;

    /**
     * So many shops with a current grant: their tokens were issued by the provider and brought along by an import, their
     * orders were fetched, and each has been sent a link.
     */
    static List<Shop> open(House house, String tenant, int count) {
        List<Seller> sellers = new ArrayList<>();
        house.sandbox()
                .post("/sandbox/sellers?count=" + count, "{}")
                .forEach(account -> sellers.add(Seller.of(account)));
        bring(house, tenant, sellers);
        Map<String, String> ids = connections(house, tenant);
        tellOfOrders(house, tenant, sellers, ids);
        return withLinks(house, sellers, ids);
    }

    private static void bring(House house, String tenant, List<Seller> sellers) {
        String application = application(house).get("applicationId").asText();
        String granted = house.now().toString();
        Api sandbox = house.sandbox();
        List<String> lines = AtOnce.each(sellers, seller -> {
            String token = sandbox.post(
                            "/sandbox/sellers/" + seller.id() + "/self-authorize",
                            "{\"applicationId\":\"" + application + "\"}")
                    .get("refreshToken")
                    .asText();
            ObjectNode line = JSON.createObjectNode()
                    .put("tenantId", tenant)
                    .put("externalId", seller.email())
                    .put("provider", Provider.AMAZON_SELLER.name())
                    .put("region", seller.region())
                    .put("accountId", seller.id())
                    .put("grantedAt", granted)
                    .put("refreshToken", token);
            line.putArray("contacts").addObject().put("name", seller.name()).put("email", seller.email());
            return line.toString();
        });
        JsonNode run = house.auth("operator", tenant).lines("/api/imports?name=" + tenant, String.join("\n", lines));
        assertThat(run.get("imported").asInt()).as(run.toString()).isEqualTo(sellers.size());
    }

    /** The one that an imported line goes through when it names none. */
    static JsonNode application(House house) {
        JsonNode apps = house.auth("admin").get("/api/apps");
        for (JsonNode app : apps.isArray() ? apps : apps.get("items")) {
            if (app.get("provider").asText().equals(Provider.AMAZON_SELLER.name())
                    && app.get("default").asBoolean()) {
                return app;
            }
        }
        throw new AssertionError("No application for sellers: " + apps);
    }

    private static Map<String, String> connections(House house, String tenant) {
        Map<String, String> ids = new HashMap<>();
        try (Connection database = house.database(StackService.AUTH_SERVICE);
                ResultSet rows = database.createStatement()
                        .executeQuery(
                                "select account_id, id::text from connection where tenant_id = '" + tenant + "'")) {
            while (rows.next()) {
                ids.put(rows.getString(1), rows.getString(2));
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return ids;
    }

    /** As after the first fetch: the next consent has to open an order that was seen before. */
    private static void tellOfOrders(House house, String tenant, List<Seller> sellers, Map<String, String> ids) {
        Instant now = house.now();
        Api sandbox = house.sandbox();
        Planted.events(house, AtOnce.each(sellers, seller -> {
            JsonNode order = sandbox.get("/sandbox/orders?seller=%s&updatedAfter=%s"
                            .formatted(seller.id(), now.minus(Duration.ofDays(5))))
                    .get(0);
            ConnectionRef about = new ConnectionRef(
                    tenant,
                    UUID.fromString(ids.get(seller.id())),
                    seller.email(),
                    Provider.AMAZON_SELLER,
                    Region.valueOf(seller.region()),
                    1,
                    now);
            SampleOrder sample = new SampleOrder(
                    order.get("orderId").asText(),
                    Instant.parse(order.get("createdTime").asText()));
            return new FetchCompleted(
                    about,
                    UUID.randomUUID(),
                    FetchReason.FIRST_LOAD,
                    now.minus(Duration.ofDays(5)),
                    now,
                    1,
                    1,
                    0,
                    0,
                    sample);
        }));
        await("auth-service knows an order of each shop")
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> Ledger.count(
                                house,
                                StackService.AUTH_SERVICE,
                                """
                                select count(*) from known_order k join connection c on c.id = k.connection_id
                                 where c.tenant_id = '%s'
                                """
                                        .formatted(tenant))
                        == sellers.size());
    }

    private static List<Shop> withLinks(House house, List<Seller> sellers, Map<String, String> ids) {
        List<Shop> shops = new ArrayList<>();
        for (int from = 0; from < sellers.size(); from += LINKS_AT_ONCE) {
            List<Seller> some = sellers.subList(from, Math.min(sellers.size(), from + LINKS_AT_ONCE));
            ObjectNode request = JSON.createObjectNode();
            some.forEach(seller -> request.withArray("items")
                    .addObject()
                    .put("connectionId", ids.get(seller.id()))
                    .put("generation", 1));
            JsonNode links = house.auth("link-issuer")
                    .post("/api/reminder-links", request.toString())
                    .get("items");
            for (int i = 0; i < some.size(); i++) {
                JsonNode link = links.get(i);
                shops.add(new Shop(
                        link.get("connectionId").asText(),
                        some.get(i),
                        link.get("url").asText()));
            }
        }
        return shops;
    }
}
