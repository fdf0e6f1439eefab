package io.perennial.auth.vault;

import io.perennial.auth.persistence.Stopping;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Which key-encryption key wraps now. A key that was named primary is used once every living replica holds it: none meets a
 * key that it can not open.
 */
@ApplicationScoped
class PrimaryKey {
    private static final Logger LOG = Logger.getLogger(PrimaryKey.class);

    private final Pool pool;
    private final KeyEncryptionKeys keys;
    private final Stopping stopping;
    private final UUID replica = UUID.randomUUID();
    private volatile @Nullable String current;

    PrimaryKey(Pool pool, KeyEncryptionKeys keys, Stopping stopping) {
        this.pool = pool;
        this.keys = keys;
        this.stopping = stopping;
    }

    /** Id of the key that wraps what is new. */
    Uni<String> id() {
        String known = current;
        return known != null ? Uni.createFrom().item(known) : look();
    }

    @Scheduled(
            every = "${perennial.keys.reload:PT5S}",
            delayed = "1s",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> tick() {
        return stopping.begun()
                ? Uni.createFrom().voidItem()
                : look().replaceWithVoid().onFailure().recoverWithItem(failure -> {
                    LOG.warnf(
                            "The key-encryption keys could not be looked at and are looked at again: %s",
                            failure.toString());
                    return null;
                });
    }

    /** Reads the keys again, says which ones this replica holds, and agrees with the others on the primary. */
    Uni<String> look() {
        return keys.refresh()
                .chain(this::report)
                .chain(() -> heldByAll(keys.primary()))
                .chain(held -> held ? Uni.createFrom().item(keys.primary()) : former())
                .invoke(this::remember);
    }

    private Uni<Void> report() {
        return pool.preparedQuery(
                        """
                        with gone as (
                            delete from vault_replica where seen_at < clock_timestamp() - interval '1 hour'
                        )
                        insert into vault_replica (replica, key_ids, seen_at) values ($1, $2, clock_timestamp())
                        on conflict (replica) do update set key_ids = excluded.key_ids, seen_at = excluded.seen_at
                        """)
                .execute(Tuple.of(replica, keys.ids().toArray(String[]::new)))
                .replaceWithVoid();
    }

    private Uni<Boolean> heldByAll(String id) {
        return pool.preparedQuery(
                        """
                        select bool_and($1 = any(key_ids)) from vault_replica
                         where seen_at > clock_timestamp() - interval '30 seconds'
                        """)
                .execute(Tuple.of(id))
                .map(rows -> rows.iterator().next().getBoolean(0));
    }

    /** The one in use until now; after a start the one that wraps most. */
    private Uni<String> former() {
        String known = current;
        return known != null
                ? Uni.createFrom().item(known)
                : pool.preparedQuery(
                                """
                                select key_encryption_key from tenant_key where key_encryption_key = any($1)
                                 group by 1 order by count(*) desc limit 1
                                """)
                        .execute(Tuple.of(keys.ids().toArray(String[]::new)))
                        .map(rows -> rows.size() == 0
                                ? keys.primary()
                                : rows.iterator().next().getString(0));
    }

    private void remember(String id) {
        if (!id.equals(current)) {
            LOG.infof("Key-encryption key %s wraps from now on", id);
            current = id;
        }
    }
}
