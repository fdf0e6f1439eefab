package io.perennial.fetch.access;

import io.perennial.problem.ProblemException;
import io.perennial.problem.StandardProblem;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.ext.web.client.HttpResponse;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Asks auth-service which connections a campaign has renewed. */
@ApplicationScoped
public class RenewedConnections {
    private static final int PAGE = 200;
    private static final int MOST = 10_000;

    private final AuthServiceClient client;

    RenewedConnections(AuthServiceClient client) {
        this.client = client;
    }

    /** All of them; 404 for a campaign that does not exist. */
    public Uni<List<UUID>> renewed(UUID campaign) {
        return next(campaign, null, new ArrayList<>());
    }

    private Uni<List<UUID>> next(UUID campaign, @Nullable String cursor, List<UUID> found) {
        String path = "/api/campaigns/" + campaign + "/connections?renewed=true&limit=" + PAGE
                + (cursor == null ? "" : "&cursor=" + cursor);
        return client.get(path).onFailure().transform(failure -> unavailable()).chain(response -> {
            String following = take(response, found);
            if (found.size() > MOST) {
                throw ProblemException.invalidField(
                        "campaign", "has renewed more than " + MOST + " connections; name them in portions");
            }
            return following == null ? Uni.createFrom().item(found) : next(campaign, following, found);
        });
    }

    private static @Nullable String take(HttpResponse<Buffer> response, List<UUID> found) {
        if (response.statusCode() == 404) {
            throw ProblemException.notFound();
        }
        if (response.statusCode() != 200) {
            throw unavailable();
        }
        try {
            JsonObject page = response.bodyAsJsonObject();
            if (page == null) {
                throw unavailable();
            }
            for (Object item : page.getJsonArray("items", new JsonArray())) {
                found.add(UUID.fromString(((JsonObject) item).getString("connectionId", "")));
            }
            return page.getString("next");
        } catch (DecodeException | ClassCastException | IllegalArgumentException e) {
            throw unavailable();
        }
    }

    private static ProblemException unavailable() {
        return new ProblemException(StandardProblem.UNAVAILABLE, "The campaign can not be asked for; try again later.");
    }
}
