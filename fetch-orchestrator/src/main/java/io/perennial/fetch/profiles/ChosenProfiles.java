package io.perennial.fetch.profiles;

import io.perennial.fetch.access.ProfilesAnswer;
import io.perennial.fetch.access.ProfilesOfConnections;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Which profiles connections are for: as the last event told, or as auth-service says where no event did. */
@ApplicationScoped
public class ChosenProfiles {
    private static final String CHOOSE =
            """
            insert into chosen_profiles (connection_id, profiles) values ($1, $2)
            on conflict (connection_id) do update set profiles = excluded.profiles
            """;

    private static final String TOLD = "select profiles from chosen_profiles where connection_id = $1";

    private final Pool pool;
    private final ProfilesOfConnections auth;

    ChosenProfiles(Pool pool, ProfilesOfConnections auth) {
        this.pool = pool;
        this.auth = auth;
    }

    /** From now on the connection is for these. */
    public Uni<Void> choose(SqlConnection tx, UUID connection, List<String> profiles) {
        return tx.preparedQuery(CHOOSE)
                .execute(Tuple.of(connection, profiles.toArray(String[]::new)))
                .replaceWithVoid();
    }

    /** Never fails for auth-service: what it does not say is a value too. */
    public Uni<ProfilesAnswer> of(UUID connection) {
        return told(pool, connection)
                .chain(told -> told.isPresent()
                        ? Uni.createFrom().item(new ProfilesAnswer.Chosen(told.get()))
                        : auth.chosen(connection));
    }

    /** As the last event told; empty if none did. */
    public Uni<Optional<List<String>>> told(SqlClient client, UUID connection) {
        return client.preparedQuery(TOLD).execute(Tuple.of(connection)).map(rows -> {
            for (Row row : rows) {
                return Optional.of(List.of(row.getArrayOfStrings(0)));
            }
            return Optional.empty();
        });
    }

    /** Forgets the choice of a connection that was given up. */
    public Uni<Void> erase(SqlConnection tx, UUID connection) {
        return tx.preparedQuery("delete from chosen_profiles where connection_id = $1")
                .execute(Tuple.of(connection))
                .replaceWithVoid();
    }
}
