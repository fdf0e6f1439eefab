package io.perennial.example.listingsync;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which syncs are paused, in a small file that is replaced as a whole. */
final class SyncStates {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The last event taken for a connection, and what it led to. */
    record SyncState(String externalId, int generation, long sequence, String eventId, boolean paused) {

        /** Whether the event is news after this one: not delivered again, and not about a former consent. */
        boolean isBefore(Happening event) {
            if (event.generation() != generation) {
                return event.generation() > generation;
            }
            return event.sequence() >= sequence && !event.id().equals(eventId);
        }
    }

    private final Path file;
    private final Map<String, SyncState> states;

    private SyncStates(Path file, Map<String, SyncState> states) {
        this.file = file;
        this.states = states;
    }

    static SyncStates at(Path file) {
        try {
            return new SyncStates(
                    file,
                    Files.exists(file)
                            ? JSON.readValue(file.toFile(), new TypeReference<TreeMap<String, SyncState>>() {})
                            : new TreeMap<>());
        } catch (IOException e) {
            throw new UncheckedIOException("the state in " + file + " can not be read", e);
        }
    }

    /** Takes an event; true when it pauses or resumes the sync. */
    boolean take(Happening event) {
        @Nullable SyncState before = states.get(event.connection());
        if (before != null && !before.isBefore(event)) {
            return false;
        }
        boolean paused = !event.working();
        states.put(
                event.connection(),
                new SyncState(event.externalId(), event.generation(), event.sequence(), event.id(), paused));
        return before == null ? true : before.paused() != paused;
    }

    void save() {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            JSON.writerWithDefaultPrettyPrinter().writeValue(fresh.toFile(), states);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("the state can not be written to " + file, e);
        }
    }
}
