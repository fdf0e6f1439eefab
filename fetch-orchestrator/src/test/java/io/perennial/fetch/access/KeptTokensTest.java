package io.perennial.fetch.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.secret.AccessToken;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class KeptTokensTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private final KeptTokens tokens = new KeptTokens(Duration.ofSeconds(3));

    @Test
    void a_token_is_kept_for_its_time_and_no_longer() {
        UUID connection = UUID.randomUUID();
        keep(connection, START);
        assertThat(tokens.find(connection, START.plusMillis(2999))).isPresent();
        assertThat(tokens.find(connection, START.plusMillis(3000))).isEmpty();
        keep(connection, START.plusSeconds(4));
        tokens.drop(connection);
        assertThat(tokens.find(connection, START.plusSeconds(4))).isEmpty();
    }

    @Test
    void a_hundred_thousand_connections_leave_those_of_the_last_moments() {
        int most = 0;
        for (int n = 0; n < 100_000; n++) {
            keep(UUID.randomUUID(), START.plusMillis(10L * n));
            most = Math.max(most, tokens.size());
        }
        assertThat(most).isLessThanOrEqualTo(601);
    }

    private void keep(UUID connection, Instant now) {
        AccessAnswer.Granted granted = new AccessAnswer.Granted(
                new AccessToken("Atza|" + connection),
                now.plus(Duration.ofHours(1)),
                "app",
                "account",
                "EU",
                URI.create("http://127.0.0.1"),
                null);
        tokens.keep(connection, granted, now);
    }
}
