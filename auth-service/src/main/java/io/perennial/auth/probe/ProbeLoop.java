package io.perennial.auth.probe;

import io.perennial.auth.connection.ConnectionVerdicts;
import io.perennial.auth.connection.lifecycle.ProbingConfig;
import io.perennial.auth.persistence.Stopping;
import io.perennial.auth.token.TokenBroker;
import io.perennial.outbox.Outbox;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Probes what is due. A claim moves the due instant a little way, so a process that dies loses nothing; the verdict sets
 * the real one.
 */
@ApplicationScoped
class ProbeLoop {
    private static final Logger LOG = Logger.getLogger(ProbeLoop.class);

    private final ConnectionVerdicts verdicts;
    private final TokenBroker broker;
    private final Outbox outbox;
    private final ProbingConfig config;
    private final Stopping stopping;

    ProbeLoop(ConnectionVerdicts verdicts, TokenBroker broker, Outbox outbox, ProbingConfig config, Stopping stopping) {
        this.verdicts = verdicts;
        this.broker = broker;
        this.outbox = outbox;
        this.config = config;
        this.stopping = stopping;
    }

    /** How a round ended. */
    enum Round {
        OFF,
        OUTBOX_FULL,
        IDLE,
        PROBED,
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
        return verdicts.claimDueProbes().chain(this::probeAll).onFailure().recoverWithItem(failure -> {
            LOG.warnf("Probing failed and is tried again: %s", failure.toString());
            return Round.FAILED;
        });
    }

    private Uni<Round> probeAll(List<UUID> due) {
        if (due.isEmpty()) {
            return Uni.createFrom().item(Round.IDLE);
        }
        return Multi.createFrom()
                .iterable(due)
                .onItem()
                .transformToUni(this::probe)
                .merge(config.concurrency())
                .collect()
                .last()
                // A full claim means that more is due.
                .chain(() -> due.size() < config.batch() ? Uni.createFrom().item(Round.PROBED) : round());
    }

    private Uni<Boolean> probe(UUID connection) {
        return broker.probe(connection).replaceWith(true).onFailure().recoverWithItem(failure -> {
            LOG.warnf("Connection %s could not be probed and is tried again: %s", connection, failure.toString());
            return false;
        });
    }
}
