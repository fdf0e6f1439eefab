package io.perennial.auth.authorization;

import io.perennial.auth.connection.Connections;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Tells open pages that one of their connections changed, whichever process changed it. One statement a second asks for all
 * pages of this process together; without open pages nothing is asked.
 */
@ApplicationScoped
class Completions {
    /** More pages than this are not told; they show the truth when they are opened again. */
    private static final int MOST = 5_000;

    private final Connections connections;
    private final Map<UUID, Watch> watches = new ConcurrentHashMap<>();

    Completions(Connections connections) {
        this.connections = connections;
    }

    private record Watch(Set<UUID> ids, Map<UUID, String> seen, MultiEmitter<? super String> page) {
        void compare(Map<UUID, String> marks) {
            for (UUID id : ids) {
                String mark = marks.get(id);
                if (mark != null && !mark.equals(Objects.requireNonNull(seen.put(id, mark)))) {
                    page.emit("changed");
                }
            }
        }
    }

    /** Says {@code changed} whenever one of the connections is not what it was. */
    Multi<String> watch(Set<UUID> ids) {
        return marks(List.copyOf(ids)).onItem().transformToMulti(marks -> Multi.createFrom()
                .<String>emitter(page -> {
                    UUID key = UUID.randomUUID();
                    if (watches.size() >= MOST || !marks.keySet().containsAll(ids)) {
                        page.complete();
                        return;
                    }
                    watches.put(key, new Watch(ids, new ConcurrentHashMap<>(marks), page));
                    page.onTermination(() -> watches.remove(key));
                }));
    }

    @Scheduled(every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> look() {
        if (watches.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        List<Watch> open = new ArrayList<>(watches.values());
        List<UUID> ids =
                open.stream().flatMap(watch -> watch.ids().stream()).distinct().toList();
        return marks(ids)
                .invoke(marks -> open.forEach(watch -> watch.compare(marks)))
                .replaceWithVoid()
                .onFailure()
                .recoverWithNull();
    }

    private Uni<Map<UUID, String>> marks(List<UUID> ids) {
        return connections.find(ids).map(found -> found.stream()
                .collect(Collectors.toMap(
                        connection -> connection.id(),
                        connection -> connection.generation() + " " + connection.state())));
    }
}
