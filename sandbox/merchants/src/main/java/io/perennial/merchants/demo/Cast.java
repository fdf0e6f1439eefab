package io.perennial.merchants.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perennial.launcher.LauncherException;
import io.perennial.launcher.stack.Stack;
import io.perennial.launcher.stack.StackService;
import io.perennial.merchants.Api;
import io.perennial.merchants.AtOnce;
import io.perennial.merchants.Renewal;
import io.perennial.merchants.Replicas;
import io.perennial.merchants.Seller;
import io.perennial.merchants.Shop;
import java.util.List;
import java.util.stream.Stream;

/**
 * Who takes part.
 *
 * @param shops each connected by its merchant
 * @param strangers accounts that are nobody's connection
 */
record Cast(List<Shop> shops, List<Seller> strangers) {
    static final String TENANT = "acme";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int STRANGERS = 12;

    /** An operator creates the connections by REST, and each merchant opens his link and consents. */
    static Cast connect(Stack stack, int count) {
        Api sandbox = new Api(stack.url(StackService.SANDBOX), "none");
        List<Seller> known = Seller.small(sandbox);
        List<Seller> more = Seller.more(sandbox, Math.max(0, count - known.size()) + STRANGERS);
        List<Seller> sellers =
                Stream.concat(known.stream(), more.stream()).limit(count).toList();
        Api auth = new Api(stack.url(StackService.AUTH_SERVICE), stack.token("operator", TENANT));
        Replicas front = Replicas.of(stack, 1);
        return new Cast(
                AtOnce.each(sellers, seller -> connect(auth, front, seller)),
                more.subList(more.size() - STRANGERS, more.size()));
    }

    private static Shop connect(Api auth, Replicas front, Seller seller) {
        ObjectNode request = JSON.createObjectNode()
                .put("tenantId", TENANT)
                .put("externalId", seller.email().replaceAll("^owner@|\\.example$", ""))
                .put("provider", "AMAZON_SELLER")
                .put("region", seller.region())
                .put("label", seller.name())
                .put("expectedAccountId", seller.id());
        request.putArray("marketplaces");
        request.putArray("contacts")
                .addObject()
                .put("name", seller.name())
                .put("email", seller.email())
                .put("locale", "en")
                .put("order", 1);
        String id = auth.post("/api/connections", request.toString()).path("id").asText();
        ObjectNode wanted = JSON.createObjectNode();
        wanted.putArray("connections").add(id);
        String link =
                auth.post("/api/consent-links", wanted.toString()).path("url").asText();
        Shop shop = new Shop(id, seller, link);
        Renewal consent = new Renewal(front, shop).walk().awaitResult();
        if (!consent.connected()) {
            throw new LauncherException("the consent of " + seller.name() + " ended as '" + consent.outcome() + "'");
        }
        return shop;
    }
}
