package io.perennial.e2e;

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
import io.perennial.merchants.Api;
import io.perennial.merchants.AtOnce;
import io.perennial.merchants.Seller;
import io.perennial.merchants.Shop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Connections that were imported, each of a merchant with an account of his own. */
final class Shops {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LINKS_AT_ONCE = 500;

    private Shops() {}

    /**
     * So many shops with a current grant: their tokens were issued by the provider and brought along by an import, their
     * orders were fetched, and each has been sent a link.
     */
    static List<Shop> open(House house, String tenant, int count) {
        List<Seller> sellers = Seller.more(house.sandbox(), count);
        Map<String, String> ids = Imported.bring(house, tenant, sellers, house.now(), null);
        tellOfOrders(house, tenant, sellers, ids);
        return withLinks(house, sellers, ids);
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
