package io.perennial.auth.vault;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.perennial.auth.persistence.Stopping;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;

/**
 * Wraps tenant keys anew after the primary key-encryption key changed, a batch at a time, beside everything else. Tokens
 * are not touched and no merchant notices; once nothing is left under the former key, its file can go.
 *
 * <p>What is left to do is what the rows say: a process that ends loses nothing, and several may work at once.
 */
@ApplicationScoped
class KeyRotation {
    private static final Logger LOG = Logger.getLogger(KeyRotation.class);
    private static final int BATCH = 200;
    private static final UUID FIRST = new UUID(0, 0);

    private final Pool pool;
    private final KeyEncryptionKeys keys;
    private final PrimaryKey primary;
    private final Stopping stopping;
    private final MeterRegistry meters;
    private final AtomicLong left;

    KeyRotation(Pool pool, KeyEncryptionKeys keys, PrimaryKey primary, Stopping stopping, MeterRegistry meters) {
        this.pool = pool;
        this.keys = keys;
        this.primary = primary;
        this.stopping = stopping;
        this.meters = meters;
        this.left = new AtomicLong();
        Gauge.builder("perennial.vault.tenant.keys.left", left, AtomicLong::get)
                .description("Tenant keys that the primary key-encryption key does not wrap yet")
                .register(meters);
    }

    /** A tenant key under a former key. */
    private record Wrapped(UUID id, String owner, String former, byte[] bytes) {
        static Wrapped of(Row row) {
            return new Wrapped(
                    row.getUUID("id"),
                    row.getString("owner"),
                    row.getString("key_encryption_key"),
                    row.getBuffer("wrapped").getBytes());
        }
    }

    private record Rewrapped(Wrapped from, byte[] bytes) {}

    @Scheduled(every = "10s", delayed = "3s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> tick() {
        return rewrap().replaceWithVoid().onFailure().recoverWithItem(failure -> {
            LOG.warnf("Wrapping tenant keys anew failed and is tried again: %s", failure.toString());
            return null;
        });
    }

    /** Wraps all that the primary key does not wrap yet; how many it could. */
    Uni<Integer> rewrap() {
        return primary.id()
                .chain(to -> rewrap(to, FIRST, 0).call(() -> count(to)).invoke(done -> report(to, done)));
    }

    private Uni<Integer> rewrap(String to, UUID after, int done) {
        return batch(to, after).chain(batch -> {
            if (batch.isEmpty() || stopping.begun()) {
                return Uni.createFrom().item(done);
            }
            UUID last = batch.get(batch.size() - 1).id();
            return rewrapEach(to, batch)
                    .chain(good -> store(to, good))
                    .chain(stored -> rewrap(to, last, done + stored));
        });
    }

    private Uni<List<Wrapped>> batch(String to, UUID after) {
        return pool.preparedQuery(
                        """
                        select id, owner, key_encryption_key, wrapped from tenant_key
                         where key_encryption_key <> $1 and id > $2
                         order by id
                         limit $3
                        """)
                .execute(Tuple.of(to, after, BATCH))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(Wrapped::of)
                        .toList());
    }

    private Uni<List<Rewrapped>> rewrapEach(String to, List<Wrapped> batch) {
        return Multi.createFrom()
                .iterable(batch)
                .onItem()
                .transformToUniAndConcatenate(one -> rewrap(to, one))
                .collect()
                .asList();
    }

    /** Nothing for a key that does not open: it must not hold up the others. */
    private Uni<Rewrapped> rewrap(String to, Wrapped one) {
        byte[] place = TenantKeys.place(one.id(), one.owner());
        return keys.unwrap(one.former(), one.bytes(), place)
                .chain(key -> keys.wrap(to, key, place))
                .map(wrapped -> new Rewrapped(one, wrapped))
                .onFailure(VaultException.class)
                .recoverWithUni(failure -> {
                    meters.counter("perennial.vault.rewrap.failures").increment();
                    LOG.errorf("Tenant key %s is not wrapped anew: %s", one.id(), failure.getMessage());
                    return Uni.createFrom().nullItem();
                });
    }

    private Uni<Integer> store(String to, List<Rewrapped> good) {
        return pool.preparedQuery(
                        """
                        update tenant_key k
                           set key_encryption_key = $1, wrapped = e.wrapped
                          from unnest($2::uuid[], $3::text[], $4::bytea[]) as e(id, former, wrapped)
                         where k.id = e.id and k.key_encryption_key = e.former
                        """)
                .execute(Tuple.of(
                        to,
                        good.stream().map(one -> one.from().id()).toArray(UUID[]::new),
                        good.stream().map(one -> one.from().former()).toArray(String[]::new),
                        good.stream().map(one -> Buffer.buffer(one.bytes())).toArray(Buffer[]::new)))
                .map(rows -> rows.rowCount());
    }

    private Uni<Void> count(String to) {
        return pool.preparedQuery("select count(*) from tenant_key where key_encryption_key <> $1")
                .execute(Tuple.of(to))
                .invoke(rows -> left.set(rows.iterator().next().getLong(0)))
                .replaceWithVoid();
    }

    private void report(String to, int done) {
        if (done > 0) {
            meters.counter("perennial.vault.rewrapped").increment(done);
            LOG.infof("Wrapped %d tenant keys under the key-encryption key %s, %d are left", done, to, left.get());
        }
    }
}
