package io.perennial.notify.reminder;

import io.perennial.notify.operator.OperatorDelivery;
import io.perennial.outbox.Outbox;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Runs deliveries one after another: at once while there is work and room for it among the departures, else by a poll or
 * when woken.
 */
@Singleton
public class DeliveryLoop {
    private static final Logger LOG = Logger.getLogger(DeliveryLoop.class);
    private static final Duration AFTER_FAULT = Duration.ofSeconds(1);
    private static final Duration BREATH = Duration.ofMillis(100);
    private static final Duration DRAIN = Duration.ofSeconds(20);
    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final Delivery delivery;
    private final OperatorDelivery operators;
    private final Outbox outbox;
    private final ReminderConfig config;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopping;
    private volatile @Nullable Context context;

    // Only touched on the context's thread.
    private long timer = NO_TIMER;
    private boolean woken;

    DeliveryLoop(Vertx vertx, Delivery delivery, OperatorDelivery operators, Outbox outbox, ReminderConfig config) {
        this.vertx = vertx;
        this.delivery = delivery;
        this.operators = operators;
        this.outbox = outbox;
        this.config = config;
    }

    void start(@Observes StartupEvent event) {
        if (config.delivering()) {
            Context own = vertx.getOrCreateContext();
            context = own;
            own.runOnContext(ignored -> turn(own));
        }
    }

    /** Something new may be due. Cheap; any number of calls count as one. */
    public void wake() {
        Context own = context;
        if (own != null) {
            own.runOnContext(ignored -> wake(own));
        }
    }

    private void wake(Context own) {
        woken = true;
        if (timer != NO_TIMER && vertx.cancelTimer(timer)) {
            turn(own);
        }
    }

    /** While the pool is still open: mails that are with the mail server get their result, the others go back. */
    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        stopping = true;
        delivery.stop();
        wake();
        if (context != null && !ended.await(DRAIN.toSeconds(), TimeUnit.SECONDS)) {
            LOG.warn("A delivery did not end in time; its mails may become AMBIGUOUS");
        }
    }

    private void turn(Context own) {
        timer = NO_TIMER;
        if (stopping) {
            delivery.ended().subscribe().with(done -> ended.countDown());
            return;
        }
        woken = false;
        // The outermost loop: whatever fails is logged, and tried again a little later.
        Uni.createFrom()
                .deferred(this::deliver)
                .subscribe()
                .with(outcome -> own.runOnContext(ignored -> after(own, outcome)), fault -> afterFault(own, fault));
    }

    /** Operators first: their mails are few, need no link and write no event. */
    private Uni<DeliveryOutcome> deliver() {
        return operators
                .run()
                .chain(() -> outbox.full() ? Uni.createFrom().item(DeliveryOutcome.NOTHING_MORE) : delivery.run());
    }

    private void after(Context own, DeliveryOutcome outcome) {
        switch (outcome) {
            case MORE_MAY_WAIT -> turn(own);
            case PACED -> pause(own, BREATH);
            case NO_LINKS -> pause(own, AFTER_FAULT);
            case NOTHING_MORE -> idle(own);
        }
    }

    private void afterFault(Context own, Throwable fault) {
        LOG.error("A delivery failed and is tried again", fault);
        own.runOnContext(ignored -> pause(own, AFTER_FAULT));
    }

    private void idle(Context own) {
        if (woken || stopping) {
            turn(own);
        } else {
            timer = vertx.setTimer(config.pollInterval().toMillis(), id -> turn(own));
        }
    }

    /** Not ended by a wake-up: more work would only meet the same fault. */
    private void pause(Context own, Duration length) {
        vertx.setTimer(stopping ? 1 : length.toMillis(), id -> turn(own));
    }
}
