package io.perennial.fetch.access;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** Access tokens of the last moments: those that were asked for in twice the time, however many connections there are. */
final class KeptTokens {
    private final Map<UUID, Kept> kept = new ConcurrentHashMap<>();
    private final AtomicReference<Instant> nextSweep = new AtomicReference<>(Instant.MIN);
    private final Duration time;

    KeptTokens(Duration time) {
        this.time = time;
    }

    private record Kept(AccessAnswer.Granted granted, Instant until) {}

    Optional<AccessAnswer.Granted> find(UUID connection, Instant now) {
        return Optional.ofNullable(kept.get(connection))
                .filter(known -> now.isBefore(known.until()))
                .map(Kept::granted);
    }

    void keep(UUID connection, AccessAnswer.Granted granted, Instant now) {
        kept.put(connection, new Kept(granted, now.plus(time)));
        Instant due = nextSweep.get();
        if (!now.isBefore(due) && nextSweep.compareAndSet(due, now.plus(time))) {
            kept.values().removeIf(known -> !now.isBefore(known.until()));
        }
    }

    void drop(UUID connection) {
        kept.remove(connection);
    }

    int size() {
        return kept.size();
    }
}
