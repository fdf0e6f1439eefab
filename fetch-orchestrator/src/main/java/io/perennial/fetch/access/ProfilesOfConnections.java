package io.perennial.fetch.access;

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
import org.jboss.logging.Logger;

/** Asks auth-service which advertising profiles a connection is for. */
@ApplicationScoped
public class ProfilesOfConnections {
    private static final Logger LOG = Logger.getLogger(ProfilesOfConnections.class);
    private static final ProfilesAnswer UNAVAILABLE = new ProfilesAnswer.Unknown("AUTH_SERVICE_UNAVAILABLE");

    private final AuthServiceClient client;

    ProfilesOfConnections(AuthServiceClient client) {
        this.client = client;
    }

    /** Never fails: every outcome is a value. */
    public Uni<ProfilesAnswer> chosen(UUID connection) {
        return client.get("/api/connections/" + connection + "/profiles")
                .map(ProfilesOfConnections::chosen)
                .onFailure()
                .recoverWithItem(failure -> {
                    LOG.warnf(
                            "auth-service could not be asked for profiles: %s",
                            failure.getClass().getSimpleName());
                    return UNAVAILABLE;
                });
    }

    private static ProfilesAnswer chosen(HttpResponse<Buffer> response) {
        if (response.statusCode() == 404) {
            return new ProfilesAnswer.Unknown("CONNECTION_UNKNOWN");
        }
        try {
            JsonObject book = response.statusCode() == 200 ? response.bodyAsJsonObject() : null;
            if (book == null) {
                return UNAVAILABLE;
            }
            List<String> chosen = new ArrayList<>();
            for (Object item : book.getJsonArray("items", new JsonArray())) {
                JsonObject profile = (JsonObject) item;
                if (profile.getBoolean("chosen", false)) {
                    chosen.add(profile.getString("profileId", ""));
                }
            }
            return new ProfilesAnswer.Chosen(List.copyOf(chosen));
        } catch (DecodeException | ClassCastException e) {
            return UNAVAILABLE;
        }
    }
}
