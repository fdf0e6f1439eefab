package io.perennial.launcher.stack;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Stops parts at once and returns when the last one is gone. */
final class ParallelStop {

    private ParallelStop() {}

    static void of(List<? extends Part> parts, Progress progress) {
        CompletableFuture<?>[] all = parts.stream()
                .filter(Part::alive)
                .map(part -> CompletableFuture.runAsync(() -> {
                    part.stop();
                    progress.stopped(part.name());
                }))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(all).join();
    }
}
