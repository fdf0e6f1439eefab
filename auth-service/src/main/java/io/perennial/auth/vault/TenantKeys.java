package io.perennial.auth.vault;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import com.google.crypto.tink.subtle.Random;
import io.perennial.clock.DomainClock;
import io.perennial.clock.TimeOrderedIds;
import io.smallrye.mutiny.Multi;
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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** The tenants' keys: made when first wanted, kept wrapped, and a bounded number of them unwrapped in memory. */
@ApplicationScoped
class TenantKeys {
    private static final int KEY_BYTES = 32;

    /** How many keys their keeper wraps or opens at a time. */
    private static final int AT_A_TIME = 8;

    private final Pool pool;
    private final KeyEncryptionKeys encryptionKeys;
    private final PrimaryKey primaryKey;
    private final DomainClock clock;
    private final TimeOrderedIds ids;
    private final Map<UUID, TenantKey> byId;
    private final Map<String, TenantKey> primaries;

    TenantKeys(
            Pool pool,
            KeyEncryptionKeys encryptionKeys,
            PrimaryKey primaryKey,
            KeysConfig config,
            DomainClock clock,
            TimeOrderedIds ids) {
        this.pool = pool;
        this.encryptionKeys = encryptionKeys;
        this.primaryKey = primaryKey;
        this.clock = clock;
        this.ids = ids;
        this.byId = bounded(config.kept());
        this.primaries = bounded(config.kept());
    }

    record TenantKey(UUID id, Aead aead) {}

    /** The key that wraps new data keys of {@code owner}. */
    Uni<TenantKey> primary(String owner) {
        TenantKey known = primaries.get(owner);
        return known != null
                ? Uni.createFrom().item(known)
                : primaries(Set.of(owner)).map(found -> Objects.requireNonNull(found.get(owner)));
    }

    /** The keys that wrap new data keys of these owners; three statements at most, however many are new. */
    Uni<Map<String, TenantKey>> primaries(Set<String> owners) {
        Map<String, TenantKey> known = new HashMap<>();
        Set<String> wanted = new TreeSet<>();
        for (String owner : owners) {
            TenantKey key = primaries.get(owner);
            if (key == null) {
                wanted.add(owner);
            } else {
                known.put(owner, key);
            }
        }
        return wanted.isEmpty()
                ? Uni.createFrom().item(known)
                : findPrimaries(wanted).map(found -> {
                    known.putAll(found);
                    return known;
                });
    }

    /** The keys with these ids. */
    Uni<Map<UUID, TenantKey>> get(Set<UUID> wanted) {
        Map<UUID, TenantKey> known = new HashMap<>();
        for (UUID id : wanted) {
            TenantKey key = byId.get(id);
            if (key != null) {
                known.put(id, key);
            }
        }
        if (known.size() == wanted.size()) {
            return Uni.createFrom().item(known);
        }
        UUID[] missing = wanted.stream().filter(id -> !known.containsKey(id)).toArray(UUID[]::new);
        return pool.preparedQuery("select id, owner, key_encryption_key, wrapped from tenant_key where id = any($1)")
                .execute(Tuple.of(missing))
                .chain(this::opened)
                .map(found -> {
                    for (OwnedKey one : found) {
                        byId.put(one.key().id(), one.key());
                        known.put(one.key().id(), one.key());
                    }
                    if (known.size() < wanted.size()) {
                        throw missing();
                    }
                    return known;
                });
    }

    Uni<TenantKey> get(UUID id) {
        TenantKey known = byId.get(id);
        return known != null
                ? Uni.createFrom().item(known)
                : get(Set.of(id)).map(found -> Objects.requireNonNull(found.get(id)));
    }

    private Uni<Map<String, TenantKey>> findPrimaries(Set<String> owners) {
        return selectPrimaries(owners).chain(found -> {
            Set<String> missing = new TreeSet<>(owners);
            missing.removeAll(found.keySet());
            return missing.isEmpty()
                    ? Uni.createFrom().item(found)
                    : create(missing).chain(() -> selectPrimaries(missing)).map(created -> {
                        if (created.size() < missing.size()) {
                            throw missing();
                        }
                        found.putAll(created);
                        return found;
                    });
        });
    }

    private Uni<Map<String, TenantKey>> selectPrimaries(Set<String> owners) {
        return pool.preparedQuery(
                        """
                        select id, owner, key_encryption_key, wrapped from tenant_key
                         where owner = any($1) and is_primary
                        """)
                .execute(Tuple.of(owners.toArray(String[]::new)))
                .chain(this::opened)
                .map(opened -> {
                    Map<String, TenantKey> found = new HashMap<>();
                    for (OwnedKey one : opened) {
                        primaries.put(one.owner(), one.key());
                        byId.put(one.key().id(), one.key());
                        found.put(one.owner(), one.key());
                    }
                    return found;
                });
    }

    /** A key that is not stored yet. */
    private record NewKey(UUID id, String owner, byte[] wrapped) {}

    private Uni<Void> create(Set<String> owners) {
        return primaryKey.id().chain(primary -> Multi.createFrom()
                .iterable(owners)
                .onItem()
                .transformToUni(owner -> fresh(owner, primary))
                .merge(AT_A_TIME)
                .collect()
                .asList()
                .chain(keys -> insert(keys, primary)));
    }

    private Uni<NewKey> fresh(String owner, String primary) {
        UUID id = ids.next();
        byte[] key = Random.randBytes(KEY_BYTES);
        return encryptionKeys
                .wrap(primary, key, place(id, owner))
                .map(wrapped -> new NewKey(id, owner, wrapped))
                .eventually(() -> Arrays.fill(key, (byte) 0));
    }

    private Uni<Void> insert(List<NewKey> keys, String primary) {
        return pool.preparedQuery(
                        """
                        insert into tenant_key (id, owner, key_encryption_key, wrapped, is_primary, created_at)
                        select id, owner, $4, wrapped, true, $5
                          from unnest($1::uuid[], $2::text[], $3::bytea[]) as fresh(id, owner, wrapped)
                         -- The same order everywhere, so that two who make the same keys do not deadlock.
                         order by owner
                            on conflict (owner) where is_primary do nothing
                        """)
                .execute(Tuple.of(
                        keys.stream().map(NewKey::id).toArray(UUID[]::new),
                        keys.stream().map(NewKey::owner).toArray(String[]::new),
                        keys.stream().map(key -> Buffer.buffer(key.wrapped())).toArray(Buffer[]::new),
                        primary,
                        clock.instant().atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }

    private record OwnedKey(String owner, TenantKey key) {}

    private Uni<List<OwnedKey>> opened(RowSet<Row> rows) {
        return Multi.createFrom()
                .iterable(rows)
                .onItem()
                .transformToUni(this::opened)
                .merge(AT_A_TIME)
                .collect()
                .asList();
    }

    private Uni<OwnedKey> opened(Row row) {
        UUID id = row.getUUID("id");
        String owner = row.getString("owner");
        return encryptionKeys
                .unwrap(
                        row.getString("key_encryption_key"),
                        row.getBuffer("wrapped").getBytes(),
                        place(id, owner))
                .map(key -> new OwnedKey(owner, tenantKey(id, key)));
    }

    private static VaultException missing() {
        return new VaultException("A tenant key is missing: its secrets can not be opened");
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

    private static <K, V> Map<K, V> bounded(int most) {
        return Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        });
    }
}
