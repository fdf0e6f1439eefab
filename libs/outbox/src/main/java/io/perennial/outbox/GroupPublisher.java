package io.perennial.outbox;

import io.perennial.outbox.Leases.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Publishes one slot group for as long as this relay owns it: read, produce in one transaction, commit, delete.
 *
 * <p>The order of opening matters: first the producer, which fences every older one, then the lease is confirmed, then
 * rows are read. Whoever takes the group after the confirmation fences this producer, so rows that were read before can
 * no longer be published from here.
 *
 * <p>A backlog is published by halves of the group: while the rows of one half are on their way to Kafka, those of the other
 * are deleted and read.
 *
 * <p>Rows of a type that this release does not know are left, with all later rows of their keys, to a relay of a newer
 * release: while an update rolls there are both, and whoever buried them would lose events that the other knows. Their
 * patience has an end, since there may be no newer relay any more.
 */
final class GroupPublisher implements Runnable {
    private static final Logger LOG = Logger.getLogger(GroupPublisher.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final String UNKNOWN = "The event type is not in the contract";
    private static final List<Class<? extends KafkaException>> REFUSALS = List.of(
            RecordTooLargeException.class,
            InvalidTopicException.class,
            InvalidRecordException.class,
            SerializationException.class);

    private record Ready(OutboxRow row, ProducerRecord<byte[], byte[]> record) {}

    private final Lease lease;
    private final RelaySettings settings;
    private final WaitingRows rows;
    private final Lane whole;
    private final List<Lane> halves;
    private final Leases leases;
    private final Producers producers;
    private final RelayMetrics metrics;
    private final Wakeups wakeups;
    private final RelayStep.Observer steps;
    private final Map<String, Rendering> renderings;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private @Nullable KafkaProducer<byte[], byte[]> producer;
    private Duration pause = FIRST_PAUSE;
    private boolean overlapping;
    private int left;

    GroupPublisher(Lease lease, RelayParts parts) {
        this.lease = lease;
        this.settings = parts.settings();
        this.rows = parts.rows();
        this.leases = parts.leases();
        this.producers = parts.producers();
        this.metrics = parts.metrics();
        this.wakeups = parts.wakeups();
        this.steps = parts.steps();
        this.renderings = parts.renderings();
        List<Short> slots = settings.slots(lease.slotGroup());
        this.whole = Lane.whole(rows, slots);
        this.halves = Lane.halves(rows, slots);
    }

    Lease lease() {
        return lease;
    }

    /** Ends after the batch that is under way. */
    void stop() {
        stopping.countDown();
        wakeups.wakeHere();
    }

    @Override
    public void run() {
        metrics.groups.incrementAndGet();
        try (Wakeups.Wakeup wakeup = wakeups.register()) {
            while (stopping.getCount() > 0 && step(wakeup)) {
                // each step is a batch or two, one wait, or one attempt at recovery
            }
            settleAll();
        } catch (InterruptedException | InterruptException e) {
            Thread.currentThread().interrupt();
        } finally {
            closeProducer();
            tellLeft(List.of());
            metrics.groups.decrementAndGet();
        }
    }

    /** Returns false once the group belongs to somebody else. */
    private boolean step(Wakeups.Wakeup wakeup) throws InterruptedException {
        try {
            KafkaProducer<byte[], byte[]> open = producer;
            if (open == null) {
                return openProducer();
            }
            List<Lane> read = overlapping ? halves : List.of(whole);
            boolean more = publish(open);
            tellLeft(read);
            if (!more) {
                wakeup.await();
            }
            pause = FIRST_PAUSE;
            return true;
        } catch (InterruptException e) {
            throw e;
        } catch (RuntimeException e) {
            return recover(e);
        }
    }

    private boolean openProducer() throws InterruptedException {
        if (!leases.renew(lease)) {
            return false; // opening would only disturb the new owner
        }
        KafkaProducer<byte[], byte[]> opened = producers.open(lease.slotGroup());
        boolean confirmed = false;
        try {
            confirmed = leases.renew(lease);
            return confirmed;
        } finally {
            if (confirmed) {
                producer = opened;
            } else {
                opened.close(Duration.ZERO);
            }
        }
    }

    private boolean recover(RuntimeException failure) throws InterruptedException {
        if (isFenced(failure)) {
            metrics.fenced.increment();
            LOG.infof("Slot group %d was taken over by a newer producer", lease.slotGroup());
            closeProducer();
            return true;
        }
        metrics.failed.increment();
        LOG.warnf(
                "Slot group %d can not publish, next attempt in %d ms: %s",
                lease.slotGroup(), pause.toMillis(), failure);
        boolean stopped = stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(settings.maxBackOff()) < 0 ? doubled : settings.maxBackOff();
        return !stopped;
    }

    /** Publishes what waits, at most a batch; returns whether more may wait. */
    private boolean publish(KafkaProducer<byte[], byte[]> open) throws InterruptedException {
        if (overlapping) {
            return publishByHalves(open);
        }
        publish(open, whole, whole.take());
        whole.settle();
        // What is committed from now on wakes this thread, so nobody looks again for nothing.
        overlapping = whole.mayHaveMore() && !halves.isEmpty();
        return whole.mayHaveMore();
    }

    private boolean publishByHalves(KafkaProducer<byte[], byte[]> open) throws InterruptedException {
        for (int i = 0; i < halves.size(); i++) {
            List<OutboxRow> waiting = halves.get(i).take();
            halves.get(1 - i).begin(); // goes on while these are published; a group never needs two connections
            publish(open, halves.get(i), waiting);
        }
        boolean more = halves.stream().anyMatch(Lane::mayHaveMore);
        if (!more) {
            settle(halves); // before all slots are read at once: a row that stays would be published again
        }
        overlapping = more;
        return more;
    }

    private void publish(KafkaProducer<byte[], byte[]> open, Lane lane, List<OutboxRow> waiting)
            throws InterruptedException {
        if (waiting.isEmpty()) {
            return;
        }
        steps.reached(RelayStep.ROWS_READ);
        List<Ready> ready = new ArrayList<>();
        List<OutboxRow> known = known(lane, waiting);
        // Where rows stay more is read than a batch; what is beyond it is read again.
        for (OutboxRow row : known.subList(0, Math.min(known.size(), settings.batchSize()))) {
            try {
                ready.add(new Ready(row, row.rendered(renderings).toRecord()));
            } catch (PoisonRowException e) {
                bury(lane, row, String.valueOf(e.getMessage()));
            }
        }
        if (!ready.isEmpty()) {
            produce(open, lane, ready);
        }
    }

    /** The rows without those that are left to a newer release, and without later ones of their keys. */
    private List<OutboxRow> known(Lane lane, List<OutboxRow> waiting) throws InterruptedException {
        if (waiting.stream().allMatch(row -> row.isKnown(renderings))) {
            return waiting;
        }
        List<OutboxRow> unknown =
                waiting.stream().filter(row -> !row.isKnown(renderings)).toList();
        Set<Long> buried =
                rows.bury(unknown.stream().map(OutboxRow::id).toList(), lane.slots(), UNKNOWN, settings.patience());
        unknown.stream().filter(row -> buried.contains(row.id())).forEach(row -> tellBuried(row, UNKNOWN));
        Set<String> standing = new HashSet<>();
        List<OutboxRow> known = new ArrayList<>();
        int behind = 0;
        for (OutboxRow row : waiting) {
            if (!row.isKnown(renderings)) {
                if (!buried.contains(row.id())) {
                    standing.add(row.key());
                }
            } else if (standing.contains(row.key())) {
                behind++;
            } else {
                known.add(row);
            }
        }
        lane.leave(unknown.size() - buried.size(), behind);
        if (known.isEmpty() && buried.isEmpty()) {
            lane.stand();
        }
        return known;
    }

    private void tellLeft(List<Lane> lanes) {
        int now = lanes.stream().mapToInt(Lane::left).sum();
        if (now > 0 && left == 0) {
            LOG.warnf(
                    "Slot group %d: rows of types that this release does not know are left to a newer one for %s;"
                            + " later events of their keys wait",
                    lease.slotGroup(), settings.patience());
        }
        metrics.left.addAndGet(now - left);
        left = now;
    }

    private void produce(KafkaProducer<byte[], byte[]> open, Lane lane, List<Ready> batch) throws InterruptedException {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try {
            open.beginTransaction();
            batch.forEach(ready -> sent.add(open.send(ready.record())));
            steps.reached(RelayStep.BATCH_SENT);
            open.commitTransaction();
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException | IllegalStateException e) {
            abort(open, e);
            String refusal = refusal(sent);
            if (refusal == null || producer == null) {
                throw e;
            }
            isolate(open, lane, batch, refusal);
            return;
        }
        batch.forEach(ready -> lane.published(ready.row()));
        metrics.published.increment(batch.size());
        steps.reached(RelayStep.BATCH_COMMITTED);
    }

    /** A failing record fails its whole transaction with the same error, so only a record that fails alone is poison. */
    private void isolate(KafkaProducer<byte[], byte[]> open, Lane lane, List<Ready> batch, String refusal)
            throws InterruptedException {
        if (batch.size() == 1) {
            bury(lane, batch.get(0).row(), "Kafka refuses the record: " + refusal);
            return;
        }
        int half = batch.size() / 2;
        produce(open, lane, batch.subList(0, half));
        produce(open, lane, batch.subList(half, batch.size()));
    }

    /** What is published is gone before somebody else reads. */
    private void settleAll() throws InterruptedException {
        try {
            settle(List.of(whole));
            settle(halves);
        } catch (RelayFault e) {
            LOG.infof("Slot group %d: what was published last will be once more: %s", lease.slotGroup(), e);
        }
    }

    private static void settle(List<Lane> lanes) throws InterruptedException {
        for (Lane lane : lanes) {
            lane.settle();
        }
    }

    private void abort(KafkaProducer<byte[], byte[]> open, RuntimeException reason) {
        try {
            open.abortTransaction();
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException | IllegalStateException e) {
            // Fenced, or the outcome is unknown: opening a new producer settles it.
            closeProducer();
            if (isFenced(e) && !isFenced(reason)) {
                throw e;
            }
        }
    }

    private void bury(Lane lane, OutboxRow row, String reason) throws InterruptedException {
        rows.bury(row.id(), lane.slots(), reason);
        tellBuried(row, reason);
    }

    private void tellBuried(OutboxRow row, String reason) {
        LOG.errorf(
                "Event %s for %s can not be published and was moved to outbox_dead: %s",
                row.eventId(), row.topic(), reason);
        metrics.dead.increment();
    }

    /** Why Kafka refuses a record for good; null if another attempt may succeed. */
    private static @Nullable String refusal(List<Future<RecordMetadata>> sent) throws InterruptedException {
        for (Future<RecordMetadata> result : sent) {
            if (!result.isDone()) {
                continue;
            }
            try {
                result.get();
            } catch (ExecutionException e) {
                Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
                if (REFUSALS.stream().anyMatch(refusal -> refusal.isInstance(cause))) {
                    return cause.getClass().getSimpleName();
                }
            }
        }
        return null;
    }

    private static boolean isFenced(@Nullable Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof ProducerFencedException || t instanceof InvalidProducerEpochException) {
                return true;
            }
        }
        return false;
    }

    private void closeProducer() {
        KafkaProducer<byte[], byte[]> open = producer;
        producer = null;
        halves.forEach(Lane::forget);
        if (open != null) {
            open.close(Duration.ZERO);
        }
    }
}
