package io.perennial.auth.vault;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/** {@code /api/keys}: how far a rotation of the key-encryption key is. Never a key. */
@Path("/api/keys")
public class KeyResource {
    private final Pool pool;
    private final KeyEncryptionKeys keys;
    private final PrimaryKey primary;

    KeyResource(Pool pool, KeyEncryptionKeys keys, PrimaryKey primary) {
        this.pool = pool;
        this.keys = keys;
        this.primary = primary;
    }

    /**
     * Where the rotation stands.
     *
     * @param primary the key that wraps now
     * @param named the key that is meant to wrap; another one until all replicas hold it
     * @param left tenant keys that the primary does not wrap yet
     */
    public record Rotation(String primary, String named, long left, List<KeyUse> keys) {}

    /**
     * A key-encryption key.
     *
     * @param atHand whether this replica holds it
     * @param tenantKeys how many tenant keys it wraps; its file may go at 0
     */
    public record KeyUse(String id, boolean atHand, long tenantKeys) {}

    @GET
    @RolesAllowed({"admin", "operator"})
    public Uni<Rotation> rotation() {
        return primary.id()
                .chain(now -> pool.query("select key_encryption_key, count(*) from tenant_key group by 1 order by 1")
                        .execute()
                        .map(rows -> rotation(
                                now,
                                StreamSupport.stream(rows.spliterator(), false)
                                        .map(this::use)
                                        .toList())));
    }

    private KeyUse use(Row row) {
        String id = row.getString(0);
        return new KeyUse(id, keys.ids().contains(id), row.getLong(1));
    }

    private Rotation rotation(String now, List<KeyUse> used) {
        Set<String> unused = new TreeSet<>(keys.ids());
        used.forEach(use -> unused.remove(use.id()));
        List<KeyUse> all = new ArrayList<>(used);
        unused.forEach(id -> all.add(new KeyUse(id, true, 0)));
        long left = used.stream()
                .filter(use -> !use.id().equals(now))
                .mapToLong(KeyUse::tenantKeys)
                .sum();
        return new Rotation(now, keys.primary(), left, all);
    }
}
