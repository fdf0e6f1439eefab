package io.perennial.testsupport;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The checkout that the test belongs to: told by the build, else (in an editor) the nearest one above. */
final class ProjectRoot {

    private ProjectRoot() {}

    static Path find() {
        String told = System.getProperty("perennial.root", "");
        if (!told.isBlank()) {
            return Path.of(told);
        }
        for (@Nullable Path path = Path.of("").toAbsolutePath(); path != null; path = path.getParent()) {
            if (Files.isDirectory(path.resolve(".mvn"))) {
                return path;
            }
        }
        throw new IllegalStateException(
                "no checkout of Perennial around " + Path.of("").toAbsolutePath());
    }
}
