package io.perennial.auth.profile;

import io.perennial.auth.connection.ConnectionView;
import io.perennial.auth.connection.Connections;
import io.perennial.auth.request.Fields;
import io.perennial.auth.token.ProfileReader;
import io.perennial.contracts.Provider;
import io.perennial.problem.ProblemException;
import io.perennial.service.Caller;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code /api/connections/{id}/profiles}: the advertising profiles of a connection, and the choice among them. */
@Path("/api/connections/{id}/profiles")
public class ProfileResource {
    /** The provider lists no more. */
    private static final int MOST = 5_000;

    private final Connections connections;
    private final Profiles profiles;
    private final ProfileReader reader;
    private final Caller caller;

    ProfileResource(Connections connections, Profiles profiles, ProfileReader reader, Caller caller) {
        this.connections = connections;
        this.profiles = profiles;
        this.reader = reader;
        this.caller = caller;
    }

    /** The profiles that the connection is for from now on. */
    public record Choice(@Nullable List<String> profiles) {
        List<String> check() {
            Fields fields = new Fields();
            fields.required("profiles", profiles);
            List<String> wanted = fields.list("profiles", profiles, MOST);
            if (profiles != null && wanted.isEmpty()) {
                fields.reject("profiles", "must name at least one profile");
            }
            fields.verify();
            return wanted;
        }
    }

    /** Asks the provider if the connection works; otherwise tells what was seen last. */
    @GET
    @RolesAllowed({"admin", "operator", "viewer", "token-reader"})
    public Uni<ProfileBook> list(UUID id) {
        return advertising(id).chain(connection -> refreshed(connection).chain(() -> profiles.book(connection)));
    }

    @PUT
    @RolesAllowed({"admin", "operator"})
    public Uni<ProfileBook> choose(UUID id, Choice choice) {
        List<String> wanted = choice.check();
        String actor = caller.id();
        return advertising(id).chain(connection -> profiles.choose(connection, wanted, actor));
    }

    private Uni<ConnectionView> advertising(UUID id) {
        return connections.get(id, caller.tenants()).map(connection -> {
            if (connection.provider() != Provider.AMAZON_ADS) {
                throw ProblemException.notFound();
            }
            return connection;
        });
    }

    private Uni<Void> refreshed(ConnectionView connection) {
        if (!connection.usable()) {
            return Uni.createFrom().voidItem();
        }
        return reader.look(connection.id())
                // What was seen last is better than nothing while the provider does not answer.
                .onFailure(ProblemException.class)
                .recoverWithNull()
                .chain(opened -> opened == null
                        ? Uni.createFrom().voidItem()
                        : profiles.remember(opened.grantId(), opened.profiles()));
    }
}
