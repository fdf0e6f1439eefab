package io.perennial.auth.vault;

import static io.perennial.auth.Api.admin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import com.google.crypto.tink.subtle.Random;
import io.micrometer.core.instrument.MeterRegistry;
import io.perennial.auth.Keys;
import io.perennial.auth.persistence.Stopping;
import io.perennial.clock.DomainClock;
import io.perennial.clock.TimeOrderedIds;
import io.perennial.secret.RefreshToken;
import io.perennial.service.Mode;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@WithPerennial(database = "auth", sandbox = true)
@WithTestResource(Keys.class)
class TokenVaultTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
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

    @Inject
    KeyEncryptionKeys keys;

    @Inject
    KeysConfig config;

    @Inject
    PrimaryKey primary;

    @Inject
    KeyRotation rotation;

    @Inject
    Stopping stopping;

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

    /** A bit flipped, an end cut off, something added: to the cipher, to its key, or to the tenant's key in the database. */
    @ParameterizedTest
    @ValueSource(strings = {"CIPHER", "DATA_KEY", "TENANT_KEY"})
    void whatever_was_changed_in_a_sealed_token_it_opens_to_nothing_and_is_counted(String part) {
        SplittableRandom random = new SplittableRandom(20_261_122);
        int rounds = part.equals("TENANT_KEY") ? 60 : 400;
        double before = unopened();
        for (int round = 0; round < rounds; round++) {
            Sealed sealed = seal("mangled-" + part + (part.equals("TENANT_KEY") ? round : 0));
            byte[] cipher = part.equals("CIPHER") ? mangled(sealed.cipher(), random) : sealed.cipher();
            byte[] key = part.equals("DATA_KEY")
                    ? mangled(sealed.with().dataKey(), random)
                    : sealed.with().dataKey();
            TokenVault reader = vault;
            if (part.equals("TENANT_KEY")) {
                mangleTenantKey(sealed.with().tenantKeyId(), random);
                reader = new TokenVault(new TenantKeys(pool, keys, primary, config, clock, ids), meters);
            }
            Uni<RefreshToken> opening =
                    reader.openRefreshToken(cipher, new SealedWith(sealed.with().tenantKeyId(), key), sealed.place());
            assertThatThrownBy(() -> opening.await().atMost(PATIENCE))
                    .as("round %s", round)
                    .isInstanceOf(VaultException.class)
                    .hasMessageNotContaining("canary");
        }
        execute("delete from tenant_key where owner like 'mangled-TENANT_KEY%'", Tuple.tuple());
        if (!part.equals("TENANT_KEY")) {
            assertThat(unopened() - before)
                    .as("each, beside what others' rows bring")
                    .isGreaterThanOrEqualTo(rounds);
        }
    }

    private double unopened() {
        return meters.counter("perennial.vault.unopened", "kind", "REFRESH_TOKEN")
                .count();
    }

    private void mangleTenantKey(UUID id, SplittableRandom random) {
        byte[] wrapped = pool.preparedQuery("select wrapped from tenant_key where id = $1")
                .execute(Tuple.of(id))
                .await()
                .atMost(PATIENCE)
                .iterator()
                .next()
                .getBuffer(0)
                .getBytes();
        execute(
                "update tenant_key set wrapped = $2 where id = $1",
                Tuple.of(id, Buffer.buffer(mangled(wrapped, random))));
    }

    private static byte[] mangled(byte[] whole, SplittableRandom random) {
        int place = random.nextInt(whole.length);
        switch (random.nextInt(4)) {
            case 0:
                byte[] flipped = whole.clone();
                flipped[place] ^= (byte) (1 << random.nextInt(8));
                return flipped;
            case 1:
                return Arrays.copyOf(whole, place);
            case 2:
                return Arrays.copyOfRange(whole, place + 1, whole.length);
            default:
                byte[] longer = Arrays.copyOf(whole, whole.length + 1 + random.nextInt(20));
                longer[whole.length] = (byte) random.nextInt();
                return longer;
        }
    }

    @Test
    void a_rotation_under_load_fails_no_read_and_leaves_nothing_under_the_former_key() throws Exception {
        List<Sealed> sealed = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            sealed.add(seal("rotating-" + UUID.randomUUID()));
        }
        String former = primary.look().await().atMost(PATIENCE);
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService readers = Executors.newFixedThreadPool(4);
        try {
            List<Future<Integer>> reads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                reads.add(readers.submit(() -> readUntil(over, sealed)));
            }
            addKey("kek-2");
            assertThat(primary.look().await().atMost(PATIENCE)).isEqualTo("kek-2");
            // The first process ends in the middle; the second one goes on where it stopped.
            KeyRotation dying = new KeyRotation(pool, new DyingKeys(keys, 230), primary, stopping, meters);
            assertThatThrownBy(() -> dying.rewrap().await().atMost(PATIENCE)).isInstanceOf(IllegalStateException.class);
            assertThat(under("kek-2")).isGreaterThanOrEqualTo(200);
            rotation.rewrap().await().atMost(PATIENCE);
            over.set(true);
            for (Future<Integer> read : reads) {
                assertThat(read.get()).isPositive();
            }
        } finally {
            over.set(true);
            readers.shutdownNow();
        }
        assertThat(under(former)).isZero();
        admin().get("/api/keys")
                .then()
                .statusCode(200)
                .body("primary", equalTo("kek-2"))
                .body("left", equalTo(0))
                .body("keys.id", hasItem(former));
    }

    @Test
    void a_new_primary_wraps_once_every_replica_holds_it() throws Exception {
        String former = primary.look().await().atMost(PATIENCE);
        UUID slow = UUID.randomUUID();
        replica(slow, keys.ids());
        addKey("kek-3");
        assertThat(primary.look().await().atMost(PATIENCE)).isEqualTo(former);
        replica(slow, keys.ids());
        assertThat(primary.look().await().atMost(PATIENCE)).isEqualTo("kek-3");
        execute("delete from vault_replica where replica = $1", Tuple.of(slow));
    }

    @Test
    void without_a_keeper_of_keys_nothing_is_sealed_and_nothing_is_stored() {
        KeyEncryptionKeys down = new DyingKeys(keys, 0);
        TokenVault closed = new TokenVault(new TenantKeys(pool, down, primary, config, clock, ids), meters);
        SealingPlace place = new SealingPlace("nobody", "c1", 1, SecretKind.REFRESH_TOKEN);
        assertThatThrownBy(() -> closed.key(place).await().atMost(PATIENCE)).isInstanceOf(IllegalStateException.class);
        assertThat(count("select count(*) from tenant_key where owner = 'nobody'"))
                .isZero();
    }

    @Test
    void the_start_is_refused_without_a_key_that_is_in_use() {
        execute(
                """
                insert into tenant_key (id, owner, key_encryption_key, wrapped, is_primary, created_at)
                values ($1, 'lost', 'kek-lost', $2, false, clock_timestamp())
                """,
                Tuple.of(UUID.randomUUID(), Buffer.buffer("?")));
        try {
            assertThatThrownBy(() -> new VaultReadiness().onStart(new StartupEvent(), keys, pool))
                    .isInstanceOf(VaultException.class)
                    .hasMessageContaining("kek-lost")
                    .hasMessageContaining("perennial.keys.directory")
                    .hasMessageNotContaining("\n");
        } finally {
            execute("delete from tenant_key where key_encryption_key = 'kek-lost'", Tuple.tuple());
        }
    }

    private record Sealed(byte[] cipher, SealedWith with, SealingPlace place) {}

    private Sealed seal(String tenant) {
        SealingPlace place = new SealingPlace(tenant, "c1", 1, SecretKind.REFRESH_TOKEN);
        SealedWith with = vault.key(place).await().atMost(PATIENCE);
        return new Sealed(vault.seal(TOKEN, with, place).await().atMost(PATIENCE), with, place);
    }

    /** Reads as a process does that has nothing in memory. */
    private int readUntil(AtomicBoolean over, List<Sealed> all) {
        int reads = 0;
        while (!over.get()) {
            TokenVault cold = new TokenVault(new TenantKeys(pool, keys, primary, config, clock, ids), meters);
            Sealed one = all.get(reads % all.size());
            assertThat(cold.openRefreshToken(one.cipher(), one.with(), one.place())
                            .await()
                            .atMost(PATIENCE))
                    .isEqualTo(TOKEN);
            reads++;
        }
        return reads;
    }

    private void addKey(String id) throws IOException {
        Path directory = config.directory().orElseThrow();
        Files.writeString(directory.resolve(id + ".key"), Base64.getEncoder().encodeToString(Random.randBytes(32)));
        Files.writeString(directory.resolve("primary"), id);
    }

    private void replica(UUID id, Set<String> held) {
        execute(
                """
                insert into vault_replica (replica, key_ids, seen_at)
                values ($1, $2, clock_timestamp() + interval '1 hour')
                on conflict (replica) do update set key_ids = excluded.key_ids
                """,
                Tuple.of(id, held.toArray(String[]::new)));
    }

    private long under(String key) {
        return count("select count(*) from tenant_key where key_encryption_key = '" + key + "'");
    }

    private long count(String sql) {
        return pool.query(sql)
                .execute()
                .await()
                .atMost(PATIENCE)
                .iterator()
                .next()
                .getLong(0);
    }

    private void execute(String sql, Tuple values) {
        pool.preparedQuery(sql).execute(values).await().atMost(PATIENCE);
    }

    /** A keeper of keys that is gone after some wrappings. */
    private static final class DyingKeys implements KeyEncryptionKeys {
        private final KeyEncryptionKeys keys;
        private final AtomicInteger left;

        DyingKeys(KeyEncryptionKeys keys, int left) {
            this.keys = keys;
            this.left = new AtomicInteger(left);
        }

        @Override
        public String primary() {
            return keys.primary();
        }

        @Override
        public Set<String> ids() {
            return keys.ids();
        }

        @Override
        public Uni<Void> refresh() {
            return keys.refresh();
        }

        @Override
        public Uni<byte[]> wrap(String id, byte[] key, byte[] place) {
            return left.getAndDecrement() > 0
                    ? keys.wrap(id, key, place)
                    : Uni.createFrom().failure(new IllegalStateException("gone"));
        }

        @Override
        public Uni<byte[]> unwrap(String id, byte[] wrapped, byte[] place) {
            return keys.unwrap(id, wrapped, place);
        }
    }

    @Test
    void production_refuses_to_start_without_a_key(@TempDir Path directory) {
        assertThatThrownBy(() -> files(directory, Mode.PRODUCTION))
                .isInstanceOf(VaultException.class)
                .hasMessageContaining("refusing to start");
    }

    @Test
    void the_key_named_primary_wraps_and_the_others_open(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("a.key"), Base64.getEncoder().encodeToString(Random.randBytes(32)));
        Files.writeString(directory.resolve("b.key"), Base64.getEncoder().encodeToString(Random.randBytes(32)));
        assertThat(files(directory, Mode.PRODUCTION).primary()).isEqualTo("b");
        Files.writeString(directory.resolve("primary"), "a\n");
        KeyFiles keys = files(directory, Mode.PRODUCTION);
        assertThat(keys.primary()).isEqualTo("a");
        assertThat(keys.ids()).containsExactlyInAnyOrder("a", "b");
        assertThatThrownBy(
                        () -> keys.unwrap("c", new byte[0], new byte[0]).await().atMost(PATIENCE))
                .isInstanceOf(VaultException.class)
                .hasMessageContaining("c is not in perennial.keys.directory");
        // A file that came to be broken later stops nothing.
        Files.writeString(directory.resolve("b.key"), "broken");
        keys.refresh().await().atMost(PATIENCE);
        assertThat(keys.primary()).isEqualTo("a");
    }

    @Test
    void a_malformed_key_stops_the_start_without_showing_it(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("a.key"), "canary not base64");
        assertThatThrownBy(() -> files(directory, Mode.SANDBOX))
                .isInstanceOf(VaultException.class)
                .hasMessageNotContaining("canary");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "Y2hhbmdlbWVjaGFuZ2VtZWNoYW5nZW1lY2hhbmdlbWU="})
    void a_key_that_nobody_drew_stops_the_start(String key, @TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("a.key"), key);
        assertThatThrownBy(() -> files(directory, Mode.PRODUCTION))
                .isInstanceOf(VaultException.class)
                .hasMessageContaining("a.key holds no random bytes");
    }

    private static KeyFiles files(Path directory, Mode mode) {
        return new KeyFiles(
                new KeysConfig() {
                    @Override
                    public Optional<Path> directory() {
                        return Optional.of(directory);
                    }

                    @Override
                    public Duration reload() {
                        return Duration.ofSeconds(10);
                    }

                    @Override
                    public int kept() {
                        return 1;
                    }
                },
                mode);
    }
}
