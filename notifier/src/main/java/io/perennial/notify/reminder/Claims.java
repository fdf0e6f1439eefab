package io.perennial.notify.reminder;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Names of claims. The upper half names the replica, the next quarter this life of it, so that a replica with a lasting name
 * finds what its former life left behind and need not wait for the leases of that.
 */
@Singleton
class Claims {
    private final long replica;
    private final long life = (long) ThreadLocalRandom.current().nextInt() << Integer.SIZE;
    private final AtomicInteger next = new AtomicInteger();

    @Inject
    Claims(@ConfigProperty(name = "perennial.replica") Optional<String> replica) {
        this.replica = replica.filter(name -> !name.isBlank())
                .map(Claims::digest)
                .orElseGet(ThreadLocalRandom.current()::nextLong);
    }

    UUID next() {
        return new UUID(replica, life | Integer.toUnsignedLong(next.getAndIncrement()));
    }

    /** Lives of this replica: claims between the first and the last are its own. */
    Range ofReplica() {
        return new Range(new UUID(replica, 0), new UUID(replica, -1));
    }

    Range ofThisLife() {
        return new Range(new UUID(replica, life), new UUID(replica, life | 0xFFFF_FFFFL));
    }

    /** In the order of the database: by unsigned bytes. */
    record Range(UUID first, UUID last) {}

    private static long digest(String name) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8)))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
