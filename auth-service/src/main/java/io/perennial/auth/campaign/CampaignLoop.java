package io.perennial.auth.campaign;

import io.perennial.auth.persistence.Stopping;
import io.perennial.auth.persistence.Transactions;
import io.perennial.outbox.Outbox;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/** Lets due campaigns ask for their next mails. */
@ApplicationScoped
class CampaignLoop {
    private static final Logger LOG = Logger.getLogger(CampaignLoop.class);
    private static final int MOST_AT_ONCE = 50;

    private final CampaignMails mails;
    private final Pool pool;
    private final Transactions transactions;
    private final Outbox outbox;
    private final CampaignConfig config;
    private final Stopping stopping;

    CampaignLoop(
            CampaignMails mails,
            Pool pool,
            Transactions transactions,
            Outbox outbox,
            CampaignConfig config,
            Stopping stopping) {
        this.mails = mails;
        this.pool = pool;
        this.transactions = transactions;
        this.outbox = outbox;
        this.config = config;
        this.stopping = stopping;
    }

    /** How a round ended. */
    enum Round {
        OFF,
        OUTBOX_FULL,
        IDLE,
        ASKED,
        FAILED
    }

    @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> tick() {
        return round().replaceWithVoid();
    }

    Uni<Round> round() {
        if (!config.enabled() || stopping.begun()) {
            return Uni.createFrom().item(Round.OFF);
        }
        if (outbox.full()) {
            return Uni.createFrom().item(Round.OUTBOX_FULL);
        }
        return ask(MOST_AT_ONCE).onFailure().recoverWithItem(failure -> {
            LOG.warnf("Campaigns could not go on and are tried again: %s", failure.toString());
            return Round.FAILED;
        });
    }

    private Uni<Round> ask(int most) {
        return transactions
                .detached(() -> pool.withTransaction(mails::ask))
                .invoke(outbox::wake)
                .chain(found -> found && most > 1
                        ? ask(most - 1).replaceWith(Round.ASKED)
                        : Uni.createFrom().item(found ? Round.ASKED : Round.IDLE));
    }
}
