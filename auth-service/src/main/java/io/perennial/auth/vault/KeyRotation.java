package io.perennial.auth.vault;

import com.google.crypto.tink.Aead;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.GeneralSecurityException;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;

/**
 * Wraps tenant keys anew after the primary key-encryption key changed, a few at a time. Tokens are not touched and no
 * merchant notices; once nothing is left under the former key, its file can go.
 */
@ApplicationScoped
class KeyRotation {
    private static final Logger LOG = Logger.getLogger(KeyRotation.class);
    private static final int BATCH = 200;

    private final Pool pool;
    private final KeyEncryptionKeys keys;
    private final MeterRegistry meters;

    KeyRotation(Pool pool, KeyEncryptionKeys keys, MeterRegistry meters) {
        this.pool = pool;
        this.keys = keys;
        this.meters = meters;
    }

    @Scheduled(every = "30s", delayed = "20s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> tick() {
        return rewrap().onFailure().recoverWithItem(0).replaceWithVoid();
    }

    /** Wraps some keys anew; how many. */
    Uni<Integer> rewrap() {
        return pool.preparedQuery(
                        """
                        select id, owner, key_encryption_key, wrapped from tenant_key
                         where key_encryption_key <> $1 and key_encryption_key = any($2)
                         limit $3
                        """)
                .execute(Tuple.of(keys.primary(), keys.ids().toArray(String[]::new), BATCH))
                .chain(rows -> Multi.createFrom()
                        .iterable(
                                StreamSupport.stream(rows.spliterator(), false).toList())
                        .onItem()
                        .transformToUniAndConcatenate(this::rewrap)
                        .collect()
                        .with(Collectors.summingInt(Integer::intValue)))
                .invoke(this::report);
    }

    private Uni<Integer> rewrap(Row row) {
        UUID id = row.getUUID("id");
        String former = row.getString("key_encryption_key");
        byte[] place = TenantKeys.place(id, row.getString("owner"));
        try {
            Aead primary = keys.get(keys.primary());
            byte[] key = keys.get(former).decrypt(row.getBuffer("wrapped").getBytes(), place);
            Buffer wrapped = Buffer.buffer(primary.encrypt(key, place));
            return pool.preparedQuery(
                            """
                            update tenant_key set key_encryption_key = $3, wrapped = $4
                             where id = $1 and key_encryption_key = $2
                            """)
                    .execute(Tuple.of(id, former, keys.primary(), wrapped))
                    .map(updated -> updated.rowCount());
        } catch (GeneralSecurityException e) {
            throw new VaultException("Tenant key " + id + " does not open: it was changed or moved", e);
        }
    }

    private void report(int wrapped) {
        if (wrapped > 0) {
            meters.counter("perennial.vault.rewrapped").increment(wrapped);
            LOG.infof("Wrapped %d tenant keys under the primary key-encryption key %s", wrapped, keys.primary());
        }
    }
}
