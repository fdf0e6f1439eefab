package io.perennial.launcher.stack;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perennial.launcher.LauncherException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackHomeTest {
    @TempDir
    Path directory;

    @Test
    void a_full_disk_is_named_with_what_is_free_and_what_is_needed() {
        StackHome home = new StackHome(directory);

        assertThatCode(() -> home.requireSpace(1)).doesNotThrowAnyException();
        assertThatThrownBy(() -> home.requireSpace(Long.MAX_VALUE))
                .isInstanceOf(LauncherException.class)
                .hasMessageContaining("the disk of " + directory)
                .hasMessageMatching(".* has \\d+ MiB free; Perennial needs \\d+ MiB to start")
                .hasMessageNotContaining("\n");
    }
}
