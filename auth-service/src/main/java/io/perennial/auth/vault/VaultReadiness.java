package io.perennial.auth.vault;

import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Set;

/** Compares the key-encryption keys at hand with those on record before anything is served. */
@ApplicationScoped
class VaultReadiness {
    /** The database is up: migrations ran before. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    void onStart(@Observes StartupEvent started, KeyEncryptionKeys keys, Pool pool) {
        // Asked for first: without a key the start ends here, not at the first merchant.
        Set<String> atHand = keys.ids();
        for (Row row : pool.query("select distinct key_encryption_key from tenant_key")
                .execute()
                .await()
                .atMost(PATIENCE)) {
            String id = row.getString(0);
            if (!atHand.contains(id)) {
                throw new VaultException("Key-encryption key " + id
                        + " is on record but not in perennial.keys.directory: refusing to start");
            }
        }
    }
}
