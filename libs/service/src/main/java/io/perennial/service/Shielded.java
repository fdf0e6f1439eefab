package io.perennial.service;

import io.smallrye.mutiny.Uni;
import java.util.function.Supplier;

/** Work on the database that goes on when the caller hangs up: a cancelled query would leak its pooled connection. */
public final class Shielded {
    private Shielded() {}

    /** Runs the work once per subscription; cancelling the result does not cancel the work. */
    public static <T> Uni<T> uni(Supplier<Uni<T>> work) {
        return Uni.createFrom().emitter(emitter -> work.get().subscribe().with(emitter::complete, emitter::fail));
    }
}
