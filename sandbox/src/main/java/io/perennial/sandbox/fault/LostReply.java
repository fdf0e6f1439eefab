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

    /** Returns when the connection is gone: an answer that is written while it closes would still reach the caller. */
    public void cutConnection() {
        current.getCurrent()
                .request()
                .connection()
                .close()
                .otherwiseEmpty()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }
}
