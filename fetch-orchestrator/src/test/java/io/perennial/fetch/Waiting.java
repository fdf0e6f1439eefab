package io.perennial.fetch;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * Waits for what happens in moments as long as it may take on a machine that is busy with much else. The library's own ten seconds
 * can not be set for all tests: Quarkus gives each service under test a class loader of its own.
 */
public final class Waiting {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Waiting() {}

    /** Fails after a minute, unless another time is named. */
    public static ConditionFactory await() {
        return Awaitility.await().atMost(PATIENCE);
    }
}
