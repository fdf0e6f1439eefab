package io.perennial.launcher.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {

    @TempDir
    Path home;

    @Test
    void a_secret_is_made_once_and_stays() {
        String first = new Secrets(home.resolve("secrets")).get("client-console");
        assertThat(first).matches("[A-Za-z0-9_-]{43}");
        assertThat(new Secrets(home.resolve("secrets")).get("client-console")).isEqualTo(first);
        assertThat(new Secrets(home.resolve("secrets")).get("client-notifier")).isNotEqualTo(first);
    }

    @Test
    void only_the_owner_may_read() throws IOException {
        Secrets secrets = new Secrets(home.resolve("secrets"));
        secrets.get("postgres");
        assertThat(permissions(home.resolve("secrets/postgres"))).isEqualTo("rw-------");
        assertThat(permissions(home.resolve("secrets"))).isEqualTo("rwx------");
        assertThat(permissions(secrets.keys())).isEqualTo("rwx------");
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
