package io.perennial.outbox;

import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.util.UUID;

/**
 * Ids for new events: time-ordered UUIDs (version 7) of the machine clock, so that indexes over them grow at one end.
 * In SQL use {@code uuidv7()}.
 */
@Singleton
public class EventIds {
    private final SecureRandom random = new SecureRandom();

    public UUID next() {
        long high = System.currentTimeMillis() << 16 | 0x7000L | random.nextInt(0x1000);
        long low = random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
