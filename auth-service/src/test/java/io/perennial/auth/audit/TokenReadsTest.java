package io.perennial.auth.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.auth.Keys;
import io.perennial.clock.DomainClock;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithPerennial(database = "auth", sandbox = true)
@WithTestResource(Keys.class)
class TokenReadsTest {
    @Inject
    Pool pool;

    @Inject
    DomainClock clock;

    /** One that no schedule drives, as at the end of a process. */
    @Test
    void what_was_counted_last_is_written_when_the_process_ends_in_order() {
        TokenReads reads = new TokenReads(pool, clock);
        UUID connection = UUID.randomUUID();
        Instant from = clock.instant().minus(Duration.ofMinutes(2));
        reads.count("consumer", "tenant", connection);
        reads.count("consumer", "tenant", connection);

        reads.stop(new ShutdownEvent());

        List<TokenReads.Line> lines = reads.ofConnection(connection, from, from.plus(Duration.ofHours(1)), 10)
                .await()
                .atMost(Duration.ofMinutes(1));
        assertThat(lines.stream().mapToLong(TokenReads.Line::reads).sum()).isEqualTo(2);
    }
}
