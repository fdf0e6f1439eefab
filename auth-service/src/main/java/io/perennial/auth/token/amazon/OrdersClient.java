package io.perennial.auth.token.amazon;

import io.perennial.auth.application.AppView;
import io.perennial.auth.token.amazon.ProviderHttp.Answer;
import io.perennial.contracts.Region;
import io.perennial.secret.AccessToken;
import io.perennial.secret.SecretAccess;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;

/** The Orders API, for one question: does this token see that order? Nothing of the order is kept. */
@ApplicationScoped
public class OrdersClient {
    private static final String PATH = "/orders/2026-01-01/orders/";

    private final ProviderHttp http;

    OrdersClient(ProviderHttp http) {
        this.http = http;
    }

    /** Whether the token can read an order. */
    public Uni<OrderSight> sight(AppView app, Region region, AccessToken token, String orderId) {
        return http.get(app.api(region) + PATH + orderId, "x-amz-access-token", token.reveal(SecretAccess.forTheWire()))
                .map(answer -> read(answer, orderId))
                .onFailure()
                .recoverWithItem(new OrderSight.Unknown());
    }

    static OrderSight read(Answer answer, String orderId) {
        if (!answer.json()) {
            return new OrderSight.Unknown();
        }
        return switch (answer.status()) {
            case 200 -> shows(answer, orderId) ? new OrderSight.Readable() : new OrderSight.Unknown();
            case 404 -> new OrderSight.Missing();
            case 403 -> answer.deniedForGood() ? new OrderSight.Denied() : new OrderSight.Unknown();
            default -> new OrderSight.Unknown();
        };
    }

    private static boolean shows(Answer answer, String orderId) {
        try {
            JsonObject order = new JsonObject(answer.body()).getJsonObject("order");
            return order != null && orderId.equals(order.getString("orderId"));
        } catch (DecodeException | ClassCastException e) {
            return false;
        }
    }
}
