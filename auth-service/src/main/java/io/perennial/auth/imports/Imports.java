package io.perennial.auth.imports;

import io.micrometer.core.instrument.MeterRegistry;
import io.perennial.auth.application.Apps;
import io.perennial.auth.audit.ForeignIds;
import io.perennial.auth.connection.ConnectionImports;
import io.perennial.auth.imports.ImportRuns.Hold;
import io.perennial.auth.imports.ImportRuns.Order;
import io.perennial.auth.imports.ImportRuns.Tally;
import io.perennial.auth.persistence.Stopping;
import io.perennial.auth.persistence.Transactions;
import io.perennial.auth.tenant.Tenants;
import io.perennial.auth.token.GrantImports;
import io.perennial.clock.DomainClock;
import io.perennial.clock.TimeOrderedIds;
import io.perennial.outbox.Outbox;
import io.perennial.problem.ProblemException;
import io.perennial.problem.StandardProblem;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Imports: a stream of lines becomes connections, batch by batch.
 *
 * <ul>
 *   <li>At most two batches of lines are in memory; the sender waits while they are written or the outbox has no room.
 *   <li>Whatever ends a request, its import goes on where it stood when the same lines are sent with the same key.
 *   <li>A connection whose external id is there already stays as it is, so sending lines twice does nothing twice; only a
 *       later token of it is tried and, if it works, takes the place of the one before.
 * </ul>
 */
@ApplicationScoped
class Imports {
    private static final Logger LOG = Logger.getLogger(Imports.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final int ATTEMPTS = 6;

    private final ImportRuns runs;
    private final LineWriting writing;
    private final LinePreparation.Services services;
    private final Transactions transactions;
    private final Pool pool;
    private final Outbox outbox;
    private final Stopping stopping;
    private final ImportConfig config;
    private final MeterRegistry meters;

    Imports(
            ImportRuns runs,
            LineWriting writing,
            Apps apps,
            Tenants tenants,
            ConnectionImports connections,
            GrantImports grants,
            DomainClock clock,
            TimeOrderedIds ids,
            ForeignIds foreign,
            Transactions transactions,
            Pool pool,
            Outbox outbox,
            Stopping stopping,
            ImportConfig config,
            MeterRegistry meters) {
        this.runs = runs;
        this.writing = writing;
        this.services = new LinePreparation.Services(apps, tenants, connections, grants, clock, ids, foreign);
        this.transactions = transactions;
        this.pool = pool;
        this.outbox = outbox;
        this.stopping = stopping;
        this.config = config;
        this.meters = meters;
    }

    /** Imports the lines of a request; the id of the import when all are done. */
    Uni<UUID> run(Multi<Buffer> bytes, Order order, ForeignIds.Asker asker) {
        return runs.open(order)
                .chain(hold -> hold.completed()
                        ? Uni.createFrom().item(hold.id())
                        : lines(bytes, hold, order, asker)
                                .onFailure()
                                .call(() -> interrupt(hold))
                                // The sender hung up.
                                .onCancellation()
                                .call(() -> interrupt(hold))
                                .replaceWith(hold.id()));
    }

    private Uni<Void> interrupt(Hold hold) {
        return transactions.detached(() -> runs.interrupt(hold));
    }

    private Uni<Void> lines(Multi<Buffer> bytes, Hold hold, Order order, ForeignIds.Asker asker) {
        LineSplitter splitter = new LineSplitter(config.longestLine());
        LinePreparation preparation = new LinePreparation(services, hold, order, asker);
        Multi<RawLine> lines = Multi.createBy()
                .concatenating()
                .streams(
                        bytes.onItem().transformToIterable(splitter::take),
                        Multi.createFrom().deferred(() -> Multi.createFrom().iterable(splitter.rest())));
        return lines.invoke(this::checkNumber)
                .group()
                .intoLists()
                .of(config.batch())
                // Reading and sealing hundreds of lines: not on the event loop, and beside the writing of those before.
                .emitOn(Infrastructure.getDefaultWorkerPool(), 1)
                .onItem()
                .transformToUniAndConcatenate(preparation::prepare)
                .emitOn(Infrastructure.getDefaultWorkerPool(), 1)
                .onItem()
                .transformToUniAndConcatenate(batch -> write(hold, order, batch).replaceWith(batch))
                .collect()
                .last()
                .invoke(preparation::requireAllKnown)
                .chain(() -> finish(hold));
    }

    private void checkNumber(RawLine line) {
        if (line.number() > config.mostLines()) {
            throw new ProblemException(
                    StandardProblem.TOO_LARGE, "An import has at most " + config.mostLines() + " lines.");
        }
    }

    private Uni<Void> write(Hold hold, Order order, ImportBatch batch) {
        if (stopping.begun()) {
            throw new ProblemException(StandardProblem.UNAVAILABLE, "The service stops; send the lines again.");
        }
        if (batch.last() <= hold.lines()) {
            return Uni.createFrom().voidItem();
        }
        return room().chain(() -> transactions
                        .detached(() ->
                                pool.withTransaction(transaction -> writing.write(transaction, hold, order, batch)))
                        .invoke(outbox::wake)
                        .onFailure(failure -> !(failure instanceof ProblemException))
                        .retry()
                        .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
                        .atMost(ATTEMPTS))
                .onFailure(failure -> !(failure instanceof ProblemException))
                .transform(failure -> undone(hold, failure))
                .invoke(this::count)
                .replaceWithVoid();
    }

    private static ProblemException undone(Hold hold, Throwable failure) {
        LOG.warnf("Import %s stands still: %s", hold.id(), failure.toString());
        return new ProblemException(
                StandardProblem.UNAVAILABLE, "Lines could not be written at the moment; send them again.");
    }

    private void count(Tally tally) {
        meters.counter("perennial.imports.lines", "outcome", "IMPORTED").increment(tally.imported());
        meters.counter("perennial.imports.lines", "outcome", "UNCHANGED").increment(tally.unchanged());
        meters.counter("perennial.imports.lines", "outcome", "RECEIVED").increment(tally.received());
        meters.counter("perennial.imports.lines", "outcome", "FAILED").increment(tally.failed());
    }

    /** Waits until the outbox has room: events are written faster than they leave. */
    private Uni<Void> room() {
        return outbox.full()
                ? Uni.createFrom()
                        .voidItem()
                        .onItem()
                        .delayIt()
                        .by(config.pause())
                        .chain(this::room)
                : Uni.createFrom().voidItem();
    }

    private Uni<Void> finish(Hold hold) {
        return transactions
                .detached(() -> runs.complete(hold))
                .invoke(completed -> {
                    if (!completed) {
                        throw new ProblemException(
                                StandardProblem.CONFLICT,
                                "Another request has gone on with this import; it has the rest.");
                    }
                })
                .replaceWithVoid();
    }
}
