package io.perennial.bench.control;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.UUID;

/** Exchanges the code of a callback and stores what came with an event, in one transaction, and checks nothing. */
@Path("/callback")
public class CallbackResource {
    /** The event that a service would publish. */
    private static final Buffer EVENT = Buffer.buffer("{" + "x".repeat(500) + "}");

    private final TokenEndpoint tokens;
    private final Pool pool;

    CallbackResource(TokenEndpoint tokens, Pool pool) {
        this.tokens = tokens;
        this.pool = pool;
    }

    @GET
    public Uni<Response> callback(
            @QueryParam("state") String state,
            @QueryParam("selling_partner_id") String account,
            @QueryParam("spapi_oauth_code") String code) {
        UUID id = UUID.randomUUID();
        return tokens.exchange(code, "http://localhost/callback")
                .chain(issued -> pool.withTransaction(connection -> connection
                        .preparedQuery(
                                "insert into accepted (id, state, account, refresh_token, access_token) values ($1, $2, $3, $4, $5)")
                        .execute(Tuple.of(
                                id, state, account, Buffer.buffer(issued.refresh()), Buffer.buffer(issued.access())))
                        .chain(() -> connection
                                .preparedQuery("insert into event (key, topic, payload) values ($1, $2, $3)")
                                .execute(Tuple.of(id.toString(), "perennial.connections.v1", EVENT)))))
                .replaceWith(() -> Response.status(Response.Status.SEE_OTHER)
                        .location(URI.create("/connect/result/" + id))
                        .build());
    }
}
