package io.perennial.auth.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.crypto.tink.subtle.Random;
import io.micrometer.core.instrument.MeterRegistry;
import io.perennial.auth.Keys;
import io.perennial.clock.DomainClock;
import io.perennial.clock.TimeOrderedIds;
import io.perennial.secret.RefreshToken;
import io.perennial.service.Mode;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
@WithPerennial(database = "auth", sandbox = true)
@WithTestResource(Keys.class)
class TokenVaultTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final RefreshToken TOKEN = new RefreshToken("Atzr|canary-vault");
    private static final SealingPlace PLACE = new SealingPlace("t1", "c1", 1, SecretKind.REFRESH_TOKEN);

    @Inject
    TokenVault vault;

    @Inject
    Pool pool;

    @Inject
    DomainClock clock;

    @Inject
    TimeOrderedIds ids;

    @Inject
    MeterRegistry meters;

    @Test
    void what_is_sealed_opens_in_its_place() {
        SealedWith key = vault.key(PLACE).await().atMost(PATIENCE);
        byte[] cipher = vault.seal(TOKEN, key, PLACE).await().atMost(PATIENCE);
        assertThat(new String(cipher, StandardCharsets.ISO_8859_1)).doesNotContain("canary");
        assertThat(vault.openRefreshToken(cipher, key, PLACE).await().atMost(PATIENCE))
                .isEqualTo(TOKEN);
    }

    @Test
    void what_was_moved_does_not_open() {
        SealedWith key = vault.key(PLACE).await().atMost(PATIENCE);
        byte[] cipher = vault.seal(TOKEN, key, PLACE).await().atMost(PATIENCE);
        for (SealingPlace other : new SealingPlace[] {
            new SealingPlace("t2", "c1", 1, SecretKind.REFRESH_TOKEN),
            new SealingPlace("t1", "c2", 1, SecretKind.REFRESH_TOKEN),
            new SealingPlace("t1", "c1", 2, SecretKind.REFRESH_TOKEN)
        }) {
            assertThatThrownBy(() ->
                            vault.openRefreshToken(cipher, key, other).await().atMost(PATIENCE))
                    .isInstanceOf(VaultException.class)
                    .hasMessageNotContaining("canary");
        }
        assertThatThrownBy(
                        () -> vault.openAccessToken(cipher, key, PLACE).await().atMost(PATIENCE))
                .isInstanceOf(VaultException.class);
    }

    @Test
    void after_a_rotation_the_former_key_is_not_needed_any_more(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("a.key"), Base64.getEncoder().encodeToString(Random.randBytes(32)));
        KeyEncryptionKeys former = new KeyEncryptionKeys(() -> Optional.of(directory), Mode.PRODUCTION);
        TokenVault before = new TokenVault(new TenantKeys(pool, former, clock, ids));
        SealingPlace place = new SealingPlace("rotating", "c1", 1, SecretKind.REFRESH_TOKEN);
        SealedWith key = before.key(place).await().atMost(PATIENCE);
        byte[] cipher = before.seal(TOKEN, key, place).await().atMost(PATIENCE);

        Files.writeString(directory.resolve("b.key"), Base64.getEncoder().encodeToString(Random.randBytes(32)));
        KeyEncryptionKeys both = new KeyEncryptionKeys(() -> Optional.of(directory), Mode.PRODUCTION);
        assertThat(new KeyRotation(pool, both, meters).rewrap().await().atMost(PATIENCE))
                .isEqualTo(1);
        assertThat(new KeyRotation(pool, both, meters).rewrap().await().atMost(PATIENCE))
                .isZero();

        Files.delete(directory.resolve("a.key"));
        KeyEncryptionKeys latter = new KeyEncryptionKeys(() -> Optional.of(directory), Mode.PRODUCTION);
        TokenVault after = new TokenVault(new TenantKeys(pool, latter, clock, ids));
        assertThat(after.openRefreshToken(cipher, key, place).await().atMost(PATIENCE))
                .isEqualTo(TOKEN);
    }

    @Test
    void production_refuses_to_start_without_a_key(@TempDir Path directory) {
        assertThatThrownBy(() -> new KeyEncryptionKeys(() -> Optional.of(directory), Mode.PRODUCTION))
                .isInstanceOf(VaultException.class)
                .hasMessageContaining("refusing to start");
    }

    @Test
    void the_key_named_primary_wraps_and_the_others_open(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("a.key"), Base64.getEncoder().encodeToString(new byte[32]));
        Files.writeString(directory.resolve("b.key"), Base64.getEncoder().encodeToString(new byte[32]));
        assertThat(new KeyEncryptionKeys(() -> Optional.of(directory), Mode.PRODUCTION).primary())
                .isEqualTo("b");
        Files.writeString(directory.resolve("primary"), "a\n");
        KeyEncryptionKeys keys = new KeyEncryptionKeys(() -> Optional.of(directory), Mode.PRODUCTION);
        assertThat(keys.primary()).isEqualTo("a");
        assertThat(keys.ids()).containsExactlyInAnyOrder("a", "b");
        assertThatThrownBy(() -> keys.get("c")).isInstanceOf(VaultException.class);
    }

    @Test
    void a_malformed_key_stops_the_start_without_showing_it(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("a.key"), "canary not base64");
        assertThatThrownBy(() -> new KeyEncryptionKeys(() -> Optional.of(directory), Mode.SANDBOX))
                .isInstanceOf(VaultException.class)
                .hasMessageNotContaining("canary");
    }
}
