package io.perennial.auth.probe;

import io.perennial.auth.connection.ConnectionVerdicts;
import io.perennial.auth.outage.OutageConfig;
import io.perennial.auth.outage.Outages;
import io.perennial.auth.outage.Outages.Trial;
import io.perennial.auth.outage.TrialPolicy;
import io.perennial.auth.outage.TrialPolicy.Answer;
import io.perennial.auth.outage.TrialPolicy.Tried;
import io.perennial.auth.persistence.Stopping;
import io.perennial.auth.token.TokenBroker;
import io.perennial.auth.token.TokenBroker.Outcome;
import io.perennial.clock.DomainClock;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Asks for a few grants during an outage, every pause and from one replica, and ends the outage when they say so. */
@ApplicationScoped
class OutageTrials {
    private static final Logger LOG = Logger.getLogger(OutageTrials.class);

    private final Outages outages;
    private final ConnectionVerdicts verdicts;
    private final TokenBroker broker;
    private final OutageConfig config;
    private final DomainClock clock;
    private final Stopping stopping;

    OutageTrials(
            Outages outages,
            ConnectionVerdicts verdicts,
            TokenBroker broker,
            OutageConfig config,
            DomainClock clock,
            Stopping stopping) {
        this.outages = outages;
        this.verdicts = verdicts;
        this.broker = broker;
        this.config = config;
        this.clock = clock;
        this.stopping = stopping;
    }

    @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> tick() {
        return stopping.begun()
                ? Uni.createFrom().voidItem()
                : round().onFailure().recoverWithItem(failure -> {
                    LOG.warnf(
                            "Whether an outage is over could not be tried and is tried again: %s", failure.toString());
                    return null;
                });
    }

    Uni<Void> round() {
        return outages.claimTrials().chain(due -> Multi.createFrom()
                .iterable(due)
                .onItem()
                .transformToUniAndConcatenate(this::tryOut)
                .collect()
                .last()
                .replaceWithVoid());
    }

    private Uni<Boolean> tryOut(Trial trial) {
        return verdicts.witnesses(trial.app(), trial.region()).chain(this::ask).chain(tried -> {
            Duration age = Duration.between(trial.since(), clock.instant());
            return TrialPolicy.over(trial.reason(), age, config.waveHold(), tried)
                    ? outages.clear(trial.app(), trial.region())
                    : Uni.createFrom().item(false);
        });
    }

    private Uni<List<Tried>> ask(Map<UUID, Boolean> witnesses) {
        return Multi.createFrom()
                .iterable(witnesses.entrySet())
                .onItem()
                .transformToUniAndConcatenate(
                        witness -> answer(witness.getKey()).map(answer -> new Tried(witness.getValue(), answer)))
                .collect()
                .asList();
    }

    private Uni<Answer> answer(UUID connection) {
        return broker.tryOut(connection)
                .map(probed -> probed.outcome() == Outcome.ALIVE
                        ? Answer.ALIVE
                        : probed.outcome() == Outcome.REFUSED ? Answer.REFUSED : Answer.NONE)
                .onFailure()
                .recoverWithItem(Answer.NONE);
    }
}
