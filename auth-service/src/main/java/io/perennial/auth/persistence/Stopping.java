package io.perennial.auth.persistence;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Whether the process is about to end: loops begin nothing any more. */
@ApplicationScoped
public class Stopping {
    private volatile boolean begun;

    void onStop(@Observes @Priority(1) ShutdownEvent stop) {
        begun = true;
    }

    /** True from the first sign of the end. */
    public boolean begun() {
        return begun;
    }
}
