package io.perennial.auth.token.amazon;

import io.perennial.auth.application.AppView;
import io.perennial.auth.token.amazon.ProviderHttp.Answer;
import io.perennial.contracts.Region;
import io.perennial.secret.AccessToken;
import io.perennial.secret.SecretAccess;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The Sellers API: the only one that tells something about the account behind a token. */
@ApplicationScoped
public class SellersClient {
    private static final String PATH = "/sellers/v1/marketplaceParticipations";

    private final ProviderHttp http;

    SellersClient(ProviderHttp http) {
        this.http = http;
    }

    /** Store name and marketplaces of the account behind the token. */
    public Uni<Participation> participations(AppView app, Region region, AccessToken token) {
        return http.get(app.api(region) + PATH, "x-amz-access-token", token.reveal(SecretAccess.forTheWire()))
                .map(SellersClient::read)
                .onFailure()
                .recoverWithItem(new Participation.Unknown());
    }

    static Participation read(Answer answer) {
        if (answer.deniedForGood()) {
            return new Participation.Denied();
        }
        if (answer.status() != 200 || !answer.json()) {
            return new Participation.Unknown();
        }
        try {
            JsonArray payload = new JsonObject(answer.body()).getJsonArray("payload");
            return payload == null ? new Participation.Unknown() : known(payload);
        } catch (DecodeException | ClassCastException e) {
            return new Participation.Unknown();
        }
    }

    private static Participation known(JsonArray payload) {
        List<String> marketplaces = new ArrayList<>();
        String storeName = null;
        for (int i = 0; i < payload.size(); i++) {
            JsonObject entry = payload.getJsonObject(i);
            String id = participating(entry);
            if (id != null) {
                marketplaces.add(id);
                storeName = storeName == null ? AccountName.of(entry.getString("storeName")) : storeName;
            }
        }
        return new Participation.Known(storeName, List.copyOf(marketplaces));
    }

    private static @Nullable String participating(JsonObject entry) {
        JsonObject participation = entry.getJsonObject("participation");
        JsonObject marketplace = entry.getJsonObject("marketplace");
        return participation != null
                        && marketplace != null
                        && Boolean.TRUE.equals(participation.getBoolean("isParticipating"))
                ? marketplace.getString("id")
                : null;
    }
}
