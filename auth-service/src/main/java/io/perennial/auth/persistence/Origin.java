package io.perennial.auth.persistence;

import io.quarkus.arc.Arc;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.vertx.VertxContext;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Where the request came from that caused the work at hand, as the proxy settings let the server see it. */
@Singleton
public class Origin {
    private static final String KEY = Origin.class.getName();

    private final CurrentVertxRequest request;

    Origin(CurrentVertxRequest request) {
        this.request = request;
    }

    /** A network address; null for what no request caused. */
    public @Nullable String address() {
        Context context = Vertx.currentContext();
        // A context that many share carries nothing, and refuses to be asked.
        String carried = context != null && VertxContext.isDuplicatedContext(context) ? context.getLocal(KEY) : null;
        return carried == null ? ofRequest() : carried;
    }

    /** Lets work in a context of its own know what caused it: the request ends where that context begins. */
    void carryTo(Context own) {
        String address = address();
        if (address != null) {
            own.putLocal(KEY, address);
        }
    }

    private @Nullable String ofRequest() {
        if (!Arc.container().requestContext().isActive()) {
            return null;
        }
        RoutingContext current = request.getCurrent();
        SocketAddress remote = current == null ? null : current.request().remoteAddress();
        return remote == null ? null : remote.hostAddress();
    }
}
