package io.perennial.sandbox.fault;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.inject.Singleton;

/** Breaks the connection after the work was done, so that the caller can not know. */
@Singleton
public class LostReply {

    private final CurrentVertxRequest current;

    LostReply(CurrentVertxRequest current) {
        this.current = current;
    }

    public void cutConnection() {
        current.getCurrent().request().connection().close().onFailure(ignored -> {});
    }
}
