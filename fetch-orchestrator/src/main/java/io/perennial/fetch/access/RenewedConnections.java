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

    private final AuthServiceClient client;

    RenewedConnections(AuthServiceClient client) {
        this.client = client;
    }

    /** @param next where the next page begins; null after the last one */
    public record Page(List<UUID> connections, @Nullable String next) {}

    /**
     * All of them, or the first ones and at least one more than {@code most}; 404 for a campaign that does not exist.
     */
    public Uni<List<UUID>> renewed(UUID campaign, int most) {
        return upTo(campaign, null, new ArrayList<>(), most);
    }

    private Uni<List<UUID>> upTo(UUID campaign, @Nullable String cursor, List<UUID> found, int most) {
        return page(campaign, cursor).chain(page -> {
            found.addAll(page.connections());
            return page.next() == null || found.size() > most
                    ? Uni.createFrom().item(found)
                    : upTo(campaign, page.next(), found, most);
        });
    }

    /**
     * A page of them in a lasting order; 404 for a campaign that does not exist.
     *
     * @param cursor where it begins; null for the first page
     */
    public Uni<Page> page(UUID campaign, @Nullable String cursor) {
        String path = "/api/campaigns/" + campaign + "/connections?renewed=true&limit=" + PAGE
                + (cursor == null ? "" : "&cursor=" + cursor);
        return client.get(path).onFailure().transform(failure -> unavailable()).map(RenewedConnections::read);
    }

    private static Page read(HttpResponse<Buffer> response) {
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
            List<UUID> found = new ArrayList<>();
            for (Object item : page.getJsonArray("items", new JsonArray())) {
                found.add(UUID.fromString(((JsonObject) item).getString("connectionId", "")));
            }
            return new Page(found, page.getString("next"));
        } catch (DecodeException | ClassCastException | IllegalArgumentException e) {
            throw unavailable();
        }
    }

    private static ProblemException unavailable() {
        return new ProblemException(StandardProblem.UNAVAILABLE, "The campaign can not be asked for; try again later.");
    }
}
