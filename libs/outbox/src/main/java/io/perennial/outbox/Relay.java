package io.perennial.outbox;

import io.perennial.outbox.Backlog.Measure;
import io.perennial.outbox.Leases.Lease;
import io.perennial.outbox.Leases.Surroundings;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Keeps this process's fair share of the slot groups published: shows that it lives, prolongs its leases, takes groups
 * that nobody owns, and gives groups back when another relay comes.
 *
 * <p>Waits patiently for the database; the publishers wait for Kafka.
 */
final class Relay implements Runnable {
    private static final Logger LOG = Logger.getLogger(Relay.class);
    private static final Duration LONGEST_MEASURE_INTERVAL = Duration.ofSeconds(1);
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final RelayParts parts;
    private final RelaySettings settings;
    private final Leases leases;
    private final Map<GroupPublisher, Thread> publishers = new HashMap<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread;
    private boolean prepared;
    private long polled = System.nanoTime();

    Relay(RelayParts parts) {
        this.parts = parts;
        this.settings = parts.settings();
        this.leases = parts.leases();
        this.thread = daemon(this, "outbox-relay");
    }

    void start() {
        thread.start();
    }

    /** Finishes the batches under way and gives the groups back. */
    void stop() throws InterruptedException {
        stopping.countDown();
        thread.join(3 * GRACE.toMillis());
        thread.interrupt();
    }

    @Override
    public void run() {
        try {
            do {
                cycle();
            } while (!stopping.await(interval().toMillis(), TimeUnit.MILLISECONDS));
            handBack();
        } catch (InterruptedException e) {
            publishers.values().forEach(Thread::interrupt);
            Thread.currentThread().interrupt();
        }
    }

    private Duration interval() {
        return Stream.of(settings.heartbeatInterval(), settings.pollInterval(), LONGEST_MEASURE_INTERVAL)
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    private void cycle() throws InterruptedException {
        try {
            parts.steps().reached(RelayStep.HEARTBEAT);
            if (settings.enabled()) {
                keepShare();
            } else {
                parts.backlog().measured(parts.rows().measure(parts.backlog().cap()));
                parts.hints().heard(true);
            }
        } catch (RuntimeException e) {
            LOG.warnf("The relay can not look after its groups, next attempt in %s: %s", interval(), e);
        }
    }

    private void keepShare() throws InterruptedException {
        if (!prepared) {
            leases.prepare();
            prepared = true;
        }
        Surroundings found = leases.keep(
                publishers.keySet().stream().map(GroupPublisher::lease).toList(),
                parts.backlog().cap());
        parts.backlog().measured(found.waiting());
        int share = (settings.slotGroups() + found.relays() - 1) / found.relays();
        endLost(found);
        giveBack(publishers.size() - share);
        take(share - publishers.size());
        poll(found.waiting());
        hear(found.relays() > 1); // last: a hint saves a poll, a lease that is renewed late costs the group
    }

    /** The safety net under the wake-ups, for all groups at once and only if something waits. */
    private void poll(Measure waiting) {
        long now = System.nanoTime();
        // Half a cycle of play: two that lie a hair closer together than the interval must not make one poll of two.
        if (now - polled
                >= settings.pollInterval().minus(interval().dividedBy(2)).toNanos()) {
            polled = now;
            if (waiting.rows() > 0) {
                parts.wakeups().wakeHere();
            }
        }
    }

    private void hear(boolean others) throws InterruptedException {
        parts.hints().heard(others);
        if (others) {
            parts.hints().listen();
        } else {
            parts.hints().silence();
        }
    }

    private void endLost(Surroundings found) throws InterruptedException {
        for (Map.Entry<GroupPublisher, Thread> entry : List.copyOf(publishers.entrySet())) {
            GroupPublisher publisher = entry.getKey();
            boolean owned = found.kept().contains(publisher.lease().slotGroup());
            if (!owned || !entry.getValue().isAlive()) {
                end(List.of(publisher));
            }
        }
    }

    private void giveBack(int groups) throws InterruptedException {
        end(publishers.keySet().stream().limit(Math.max(0, groups)).toList());
    }

    private void take(int groups) throws InterruptedException {
        for (int i = 0; i < groups; i++) {
            Optional<Lease> lease = leases.acquire(
                    publishers.keySet().stream().map(GroupPublisher::lease).toList());
            if (lease.isEmpty()) {
                return;
            }
            GroupPublisher publisher = new GroupPublisher(lease.get(), parts);
            Thread worker = daemon(publisher, "outbox-group-" + lease.get().slotGroup());
            publishers.put(publisher, worker);
            worker.start();
        }
    }

    private void handBack() throws InterruptedException {
        try {
            end(List.copyOf(publishers.keySet()));
            leases.leave();
            parts.hints().silence();
        } catch (RuntimeException e) {
            LOG.infof("Leases could not be given back and expire by themselves: %s", e);
        }
    }

    /** Waits for the batches under way, then frees the groups for others. */
    private void end(List<GroupPublisher> ending) throws InterruptedException {
        ending.forEach(GroupPublisher::stop);
        long deadline = System.nanoTime() + GRACE.toNanos();
        for (GroupPublisher publisher : ending) {
            Thread worker = publishers.remove(publisher);
            if (worker != null) {
                worker.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
                // Kafka is away: its calls end only when interrupted. What is unpublished stays in the table.
                worker.interrupt();
            }
        }
        for (GroupPublisher publisher : ending) {
            leases.release(publisher.lease());
        }
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
