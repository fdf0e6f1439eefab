package io.perennial.bench.control;

import io.perennial.bench.control.TokenEndpoint.Tokens;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Access tokens: the least that must be done, and the same under a lock as Nango takes it. */
@Path("/tokens/{id}")
@Produces(MediaType.APPLICATION_JSON)
public class RefreshResource {
    /** Of Nango's lock: how long it lasts, how long it is waited for, and how often it is looked at. */
    private static final int LOCK_SECONDS = 10;

    private static final Duration GLANCE = Duration.ofMillis(50);
    private static final int GLANCES = 240;

    private final TokenEndpoint tokens;
    private final Pool pool;
    private final Map<UUID, Uni<String>> flights = new ConcurrentHashMap<>();

    RefreshResource(TokenEndpoint tokens, Pool pool) {
        this.tokens = tokens;
        this.pool = pool;
    }

    private record Stored(String refresh, String access, boolean fresh) {}

    /** Reads, asks and stores: whoever asks at the same time asks too. */
    @POST
    @Path("raw")
    public Uni<String> raw(UUID id) {
        return stored(id).chain(token -> token.fresh() ? item(token.access()) : renew(id, token));
    }

    /**
     * Nango's policy, written anew from its published code: one flight per process, and across processes a lock that is
     * looked at every 50 ms. Its lock lies in Redis; this one in the database, as the tokens do.
     */
    @POST
    @Path("nango-style")
    public Uni<String> nangoStyle(UUID id) {
        return stored(id)
                .chain(token -> token.fresh()
                        ? item(token.access())
                        : flights.computeIfAbsent(id, key -> locked(id, GLANCES)
                                .onTermination()
                                .invoke(() -> flights.remove(id))
                                .memoize()
                                .indefinitely()));
    }

    private Uni<String> locked(UUID id, int glances) {
        return lock(id).chain(got -> {
            if (got) {
                return stored(id)
                        .chain(token -> token.fresh() ? item(token.access()) : renew(id, token))
                        .call(() -> unlock(id));
            }
            if (glances == 0) {
                throw new IllegalStateException("the lock of " + id + " is not given back");
            }
            return Uni.createFrom().voidItem().onItem().delayIt().by(GLANCE).chain(() -> locked(id, glances - 1));
        });
    }

    private Uni<Boolean> lock(UUID id) {
        return pool.preparedQuery(
                        """
                        insert into lock (key, until) values ($1, clock_timestamp() + make_interval(secs => $2))
                        on conflict (key) do update set until = excluded.until where lock.until < clock_timestamp()
                        """)
                .execute(Tuple.of(id.toString(), (double) LOCK_SECONDS))
                .map(rows -> rows.rowCount() == 1);
    }

    private Uni<Void> unlock(UUID id) {
        return pool.preparedQuery("delete from lock where key = $1")
                .execute(Tuple.of(id.toString()))
                .replaceWithVoid();
    }

    private Uni<Stored> stored(UUID id) {
        return pool.preparedQuery(
                        "select refresh_token, access_token, expires_at > clock_timestamp() as fresh from token where id = $1")
                .execute(Tuple.of(id))
                .map(rows -> stored(rows.iterator().next()));
    }

    private static Stored stored(Row row) {
        return new Stored(
                row.getString("refresh_token"), answer(row.getString("access_token")), row.getBoolean("fresh"));
    }

    private Uni<String> renew(UUID id, Stored token) {
        return tokens.refresh(token.refresh()).chain(issued -> store(id, issued).replaceWith(answer(issued.access())));
    }

    private Uni<Void> store(UUID id, Tokens issued) {
        return pool.preparedQuery(
                        """
                        update token set refresh_token = $2, access_token = $3,
                                         expires_at = clock_timestamp() + interval '1 hour'
                         where id = $1
                        """)
                .execute(Tuple.of(id, issued.refresh(), issued.access()))
                .replaceWithVoid();
    }

    private static Uni<String> item(String answer) {
        return Uni.createFrom().item(answer);
    }

    private static String answer(String access) {
        return new JsonObject().put("accessToken", access).encode();
    }
}
