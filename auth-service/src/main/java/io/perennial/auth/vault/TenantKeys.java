package io.perennial.auth.vault;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import com.google.crypto.tink.subtle.Random;
import io.perennial.clock.DomainClock;
import io.perennial.clock.TimeOrderedIds;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** The tenants' keys: made when first wanted, kept wrapped, and a bounded number of them unwrapped in memory. */
@ApplicationScoped
class TenantKeys {
    /** An unwrapped key is about 1 KB. */
    private static final int KEPT = 1_000;

    private static final int KEY_BYTES = 32;

    private final Pool pool;
    private final KeyEncryptionKeys encryptionKeys;
    private final PrimaryKey primaryKey;
    private final DomainClock clock;
    private final TimeOrderedIds ids;
    private final Map<UUID, TenantKey> byId = bounded();
    private final Map<String, TenantKey> primaries = bounded();

    TenantKeys(
            Pool pool, KeyEncryptionKeys encryptionKeys, PrimaryKey primaryKey, DomainClock clock, TimeOrderedIds ids) {
        this.pool = pool;
        this.encryptionKeys = encryptionKeys;
        this.primaryKey = primaryKey;
        this.clock = clock;
        this.ids = ids;
    }

    record TenantKey(UUID id, Aead aead) {}

    /** The key that wraps new data keys of {@code owner}. */
    Uni<TenantKey> primary(String owner) {
        TenantKey known = primaries.get(owner);
        return known != null ? Uni.createFrom().item(known) : findPrimary(owner).invoke(key -> keep(owner, key));
    }

    Uni<TenantKey> get(UUID id) {
        TenantKey known = byId.get(id);
        return known != null
                ? Uni.createFrom().item(known)
                : pool.preparedQuery("select id, owner, key_encryption_key, wrapped from tenant_key where id = $1")
                        .execute(Tuple.of(id))
                        .chain(this::single)
                        .invoke(key -> byId.put(key.id(), key));
    }

    private void keep(String owner, TenantKey key) {
        primaries.put(owner, key);
        byId.put(key.id(), key);
    }

    private Uni<TenantKey> findPrimary(String owner) {
        return selectPrimary(owner)
                .chain(rows -> rows.size() > 0
                        ? single(rows)
                        : create(owner).chain(() -> selectPrimary(owner)).chain(this::single));
    }

    private Uni<RowSet<Row>> selectPrimary(String owner) {
        return pool.preparedQuery(
                        "select id, owner, key_encryption_key, wrapped from tenant_key where owner = $1 and is_primary")
                .execute(Tuple.of(owner));
    }

    private Uni<Void> create(String owner) {
        UUID id = ids.next();
        byte[] key = Random.randBytes(KEY_BYTES);
        return primaryKey
                .id()
                .chain(primary -> encryptionKeys
                        .wrap(primary, key, place(id, owner))
                        .chain(wrapped -> insert(id, owner, primary, wrapped)))
                .eventually(() -> Arrays.fill(key, (byte) 0));
    }

    private Uni<Void> insert(UUID id, String owner, String primary, byte[] wrapped) {
        return pool.preparedQuery(
                        """
                        insert into tenant_key (id, owner, key_encryption_key, wrapped, is_primary, created_at)
                        values ($1, $2, $3, $4, true, $5)
                        on conflict (owner) where is_primary do nothing
                        """)
                .execute(Tuple.of(
                        id,
                        owner,
                        primary,
                        Buffer.buffer(wrapped),
                        clock.instant().atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }

    private Uni<TenantKey> single(RowSet<Row> rows) {
        if (rows.size() != 1) {
            throw new VaultException("A tenant key is missing: its secrets can not be opened");
        }
        Row row = rows.iterator().next();
        UUID id = row.getUUID("id");
        return encryptionKeys
                .unwrap(
                        row.getString("key_encryption_key"),
                        row.getBuffer("wrapped").getBytes(),
                        place(id, row.getString("owner")))
                .map(key -> tenantKey(id, key));
    }

    private static TenantKey tenantKey(UUID id, byte[] key) {
        try {
            return new TenantKey(id, new AesGcmJce(key));
        } catch (GeneralSecurityException e) {
            throw new VaultException("Tenant key " + id + " is no key", e);
        }
    }

    static byte[] place(UUID id, String owner) {
        return (id + ":TENANT_KEY:" + owner).getBytes(StandardCharsets.UTF_8);
    }

    private static <K, V> Map<K, V> bounded() {
        return Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > KEPT;
            }
        });
    }
}
