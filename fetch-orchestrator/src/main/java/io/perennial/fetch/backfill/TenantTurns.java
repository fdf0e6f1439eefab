package io.perennial.fetch.backfill;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Decides which of the due fetches our workers take: by priority, and among equals by deficit round robin of the tenants,
 * counted in pages (Shreedhar and Varghese, 1995).
 *
 * <ul>
 *   <li>While several tenants have due fetches, each gets the same number of pages, however many fetches it has and however
 *       many pages each of them reads in one go.
 *   <li>Nobody saves up: who had nothing to do begins as the others, and who was alone owes nothing for it.
 *   <li>No worker is left idle while anything is due.
 *   <li>A connection has one fetch at a time: all of them draw from the same bucket.
 * </ul>
 *
 * <p>It is kept in memory, per process: each process shares its own workers.
 */
final class TenantTurns {
    /** Pages that a tenant has left before it is the next one's turn; negative after it read more than that. */
    private final Map<String, Integer> deficits = new HashMap<>();

    private String last = "";

    /** Takes the next fetches, at most so many, none of connections that are busy. */
    synchronized List<DueFetch> take(List<DueFetch> due, int atMost, Collection<UUID> busy) {
        Set<UUID> connections = new HashSet<>(busy);
        Map<FetchPriority, NavigableMap<String, Deque<DueFetch>>> waiting = new EnumMap<>(FetchPriority.class);
        for (DueFetch fetch : due) {
            if (connections.add(fetch.connectionId())) {
                waiting.computeIfAbsent(fetch.priority(), p -> new TreeMap<>())
                        .computeIfAbsent(fetch.tenantId(), t -> new ArrayDeque<>())
                        .add(fetch);
            }
        }
        if (waiting.isEmpty()) {
            deficits.clear();
        }
        List<DueFetch> taken = new ArrayList<>();
        waiting.values().forEach(ofPriority -> take(ofPriority, atMost, taken));
        return taken;
    }

    /** The tenant whose turn was last; the next one begins after it. */
    synchronized String last() {
        return last;
    }

    /** A further page was read for the tenant. The first one of a fetch counts when it is taken. */
    synchronized void charge(String tenant) {
        deficits.merge(tenant, -1, Integer::sum);
    }

    private void take(NavigableMap<String, Deque<DueFetch>> waiting, int atMost, List<DueFetch> taken) {
        forgive(waiting.keySet());
        Queue<String> round = new ArrayDeque<>(waiting.tailMap(last, false).keySet());
        round.addAll(waiting.headMap(last, true).keySet());
        while (taken.size() < atMost && !round.isEmpty()) {
            String tenant = round.remove();
            Deque<DueFetch> fetches = waiting.getOrDefault(tenant, new ArrayDeque<>());
            int left = deficits.merge(tenant, 1, Integer::sum);
            while (left > 0 && !fetches.isEmpty() && taken.size() < atMost) {
                taken.add(fetches.remove());
                left--;
                last = tenant;
            }
            deficits.put(tenant, left);
            if (!fetches.isEmpty()) {
                round.add(tenant);
            } else if (left >= 0) {
                deficits.remove(tenant);
            }
        }
    }

    /** What all of them owe, none of them owes the others; who comes new owes as little as the best of them. */
    private void forgive(Collection<String> tenants) {
        int best = tenants.stream()
                .filter(deficits::containsKey)
                .mapToInt(deficits::get)
                .max()
                .orElse(0);
        int debt = Math.min(best, 0);
        tenants.forEach(tenant -> deficits.put(tenant, deficits.getOrDefault(tenant, debt) - debt));
    }
}
