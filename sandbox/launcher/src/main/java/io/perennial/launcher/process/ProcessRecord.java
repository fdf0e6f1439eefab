package io.perennial.launcher.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perennial.launcher.LauncherException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** The line written down about a process when it starts. */
public record ProcessRecord(String name, long pid, Instant startedAt, Path log) {

    private static final ObjectMapper JSON = new ObjectMapper();

    void writeTo(Path file) {
        ObjectNode node = JSON.createObjectNode()
                .put("name", name)
                .put("pid", pid)
                .put("startedAt", startedAt.toString())
                .put("log", log.toString());
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path next = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(next, JSON.writeValueAsString(node));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new LauncherException("can not write " + file + ": " + e.getMessage(), e);
        }
    }

    /** Absent when there is no such file; a file that can not be read counts as absent too, since it names nobody. */
    static Optional<ProcessRecord> readFrom(Path file) {
        try {
            JsonNode node = JSON.readTree(Files.readAllBytes(file));
            return Optional.of(new ProcessRecord(
                    node.path("name").asText(),
                    node.path("pid").asLong(),
                    Instant.parse(node.path("startedAt").asText()),
                    Path.of(node.path("log").asText())));
        } catch (IOException | DateTimeException e) {
            return Optional.empty();
        }
    }
}
