package io.perennial.sandbox.clock;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.sandbox.Http;
import io.perennial.sandbox.SandboxDatabase;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@WithTestResource(SandboxDatabase.class)
class ClockTest {

    @ConfigProperty(name = "perennial.clock.offset-file")
    Path offsetFile;

    private final Http http = new Http();

    @Test
    void advancing_moves_now_and_writes_the_shared_file() throws IOException {
        Duration before = offset();

        var response = http.postJson("/sandbox/clock", Map.of("advance", "1d12h"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(offset()).isEqualTo(before.plusHours(36));
        assertThat(Duration.parse(Files.readString(offsetFile).trim())).isEqualTo(before.plusHours(36));
        Instant now = Instant.parse(Http.json(response).get("now").asText());
        assertThat(now).isAfter(Instant.now().plus(before).plus(Duration.ofHours(35)));
    }

    @Test
    void readiness_shows_the_offset() {
        http.postJson("/sandbox/clock", Map.of("advance", "PT1H"));

        var health = http.get("/q/health/ready");

        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.body()).contains("domain-clock").contains(offset().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-P1D", "yesterday", "", "d"})
    void a_clock_never_goes_backwards_nor_nowhere(String advance) {
        Duration before = offset();

        assertThat(http.postJson("/sandbox/clock", Map.of("advance", advance)).statusCode())
                .isEqualTo(400);

        assertThat(offset()).isEqualTo(before);
    }

    private Duration offset() {
        return Duration.parse(
                Http.json(http.get("/sandbox/clock")).get("offset").asText());
    }
}
