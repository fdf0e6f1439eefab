package io.perennial.auth.persistence;

import io.opentelemetry.context.Context;
import io.perennial.outbox.Outbox;
import io.quarkus.opentelemetry.runtime.QuarkusContextStorage;
import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Opens transactions.
 *
 * <ul>
 *   <li>Each has a session of its own, also when several run for one request: a session must never be shared.
 *   <li>Each ends by itself: a caller that goes away (a closed browser) does not cancel it half-way, which would leak its
 *       pooled connection.
 * </ul>
 */
@ApplicationScoped
public class Transactions {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    /** Together with the provider's time to answer less than the minute after which an exchange counts as given up. */
    private static final Duration INSISTENCE = Duration.ofSeconds(30);

    private final Mutiny.SessionFactory sessions;
    private final Vertx vertx;
    private final Outbox outbox;
    private final Origin origin;

    Transactions(Mutiny.SessionFactory sessions, Vertx vertx, Outbox outbox, Origin origin) {
        this.sessions = sessions;
        this.vertx = vertx;
        this.outbox = outbox;
        this.origin = origin;
    }

    /**
     * Runs {@code work} in a new transaction; commits when it completes, rolls back when it fails. Events it left in the
     * outbox leave at once after the commit.
     */
    public <T> Uni<T> in(Function<Mutiny.Session, Uni<T>> work) {
        return detached(() -> sessions.withTransaction(work)).invoke(outbox::wake);
    }

    /**
     * As {@link #detached}, and for half a minute again where it fails: for what exists nowhere else. The work may have
     * happened although it failed, when only the answer to its commit was lost: it has to look.
     */
    public <T> Uni<T> insistently(Supplier<Uni<T>> work) {
        return detached(() -> {
            io.vertx.core.Context own = vertx.getOrCreateContext();
            return Uni.createFrom()
                    .deferred(work::get)
                    // The pause ends elsewhere, where nobody knows what caused the work.
                    .runSubscriptionOn(subscription -> own.runOnContext(back -> subscription.run()))
                    .onFailure()
                    .retry()
                    .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
                    .expireIn(INSISTENCE.toMillis());
        });
    }

    /** Runs {@code work} in a context of its own, to its end, whatever becomes of the caller. */
    public <T> Uni<T> detached(Supplier<Uni<T>> work) {
        return Uni.createFrom().emitter(emitter -> {
            io.vertx.core.Context caller = vertx.getOrCreateContext();
            io.vertx.core.Context own = VertxContext.createNewDuplicatedContext(VertxContext.getRootContext(caller));
            VertxContextSafetyToggle.setContextSafe(own, true);
            // The trace goes with the work; the context is its own, so nothing has to be put back.
            QuarkusContextStorage.INSTANCE.attach(own, Context.current());
            origin.carryTo(own);
            own.runOnContext(started -> Uni.createFrom()
                    .deferred(work::get)
                    .subscribe()
                    .with(
                            item -> caller.runOnContext(done -> emitter.complete(item)),
                            failure -> caller.runOnContext(done -> emitter.fail(failure))));
        });
    }
}
